import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { batchOf, exportOf, headOf, type Query } from '../../src/modules/audit/export/index.js';
import { useDatabase } from '../support/database.js';
import { cutBack, forge } from '../support/forgery.js';
import { openSealer, sealAll, type SealerProcess } from '../support/sealers.js';
import { faultOf, linesOf, verify } from './exported.js';

/*
 * A superuser changes what is stored, with the triggers switched off; the export is made as ever, and the auditor's program
 * names the first row that does not fit. Each case has a log of its own.
 */

const { db } = useDatabase();
let admin: Client;
let auth: Client;
let sealer: SealerProcess;

/** Entries of a log, and checkpoints of it: of 8, 16 and 20. */
const SIZES = [8, 16, 20];

const write = (tenants: string[], count: number): Promise<unknown> =>
  auth.query(
    `select auth.record_audit(t, null, null, null, 'deal.updated', 'deal', null, 'success', null, 1, '{}', jsonb_build_object('n', n))
       from unnest($1::uuid[]) t, generate_series(1, $2) n`,
    [tenants, count],
  );

/** As the command line exports it. */
const exported = (tenant: string): Promise<string> =>
  db.service(async (client) => {
    await client.query('select auth.enter_command_line()');
    let last: Promise<unknown> = Promise.resolve();
    const query: Query = <Row extends object>(text: string, values: unknown[]) => {
      const next = last.then(() => client.query<Row>(text, values));
      last = next;
      return next;
    };
    const source = { read: (from: number, to: number) => batchOf(query, 'service', tenant, [from, to]) };
    const pieces: Buffer[] = [];
    for await (const piece of exportOf(await headOf(query, tenant), source, () => undefined)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  });

/** The kept checkpoint is the last one of the export as it was. */
type Fault = { row: number | undefined; message: string };
type Case = [what: string, forge: (tenant: string) => Promise<unknown>, row: number, says: RegExp, kept?: boolean];

const entry = (seq: number): string =>
  `(select f.entry_id from app.audit_leaves f where f.tenant_id = $1 and f.seq = ${seq})`;
const sql =
  (...statements: string[]) =>
  async (tenant: string): Promise<void> => {
    for (const statement of statements) await forge(admin, statement, [tenant]);
  };
const remove = (seq: number) => sql(`delete from app.audit_log where tenant_id = $1 and id = ${entry(seq)}`);
const checkpointAs = (column: string) =>
  sql(`update app.audit_checkpoints c set ${column} = (
    select o.${column} from app.audit_checkpoints o where o.tenant_id = $1 and o.size = 16) where c.tenant_id = $1 and c.size = 20`);

const CASES: Case[] = [
  ['the first row is gone', remove(0), 0, /Row 0 is missing/],
  ['a row in the middle is gone', remove(11), 11, /Row 11 is missing/],
  ['the last row is gone', remove(19), 0, /The checkpoint of 20 rows stands behind 19: rows 0 to 18 are not proved/],
  ['a row is gone with its leaf',
    sql(`delete from app.audit_log where tenant_id = $1 and id = ${entry(5)}`,
      'delete from app.audit_leaves where tenant_id = $1 and seq = 5'), 5, /Row 5 is missing/],
  ['two rows have each other’s contents',
    sql(`update app.audit_log l set details = o.details from app.audit_log o
          where l.tenant_id = $1 and o.tenant_id = $1 and (l.id, o.id) in ((${entry(3)}, ${entry(9)}), (${entry(9)}, ${entry(3)}))`),
    3, /was changed/],
  ['two rows have each other’s numbers',
    sql(...[[3, 99], [9, 3], [99, 9]].map(([from, to]) => `update app.audit_leaves set seq = ${to} where tenant_id = $1 and seq = ${from}`)),
    3, /was changed/],
  ['one byte of a row is another',
    sql(`update app.audit_log set details = jsonb_build_object('n', (details ->> 'n')::int % 9 + 1) where tenant_id = $1 and id = ${entry(12)}`),
    12, /was changed/],
  ['a row and its leaf are of another text',
    sql(`update app.audit_log set code = 'forged' where tenant_id = $1 and id = ${entry(12)}`,
      `update app.audit_leaves set hash = sha256('forged') where tenant_id = $1 and seq = 12`), 12, /was changed/],
  ['the hash of a leaf is another',
    sql(`update app.audit_leaves set hash = sha256('') where tenant_id = $1 and seq = 7`), 7, /was changed/],
  ['entries, leaves and nodes are cut, and checkpoints are left',
    sql(`delete from app.audit_log where tenant_id = $1 and id in (select entry_id from app.audit_leaves where tenant_id = $1 and seq >= 10)`,
      'delete from app.audit_leaves where tenant_id = $1 and seq >= 10',
      'delete from app.audit_nodes where tenant_id = $1 and (index + 1) << level > 10'), 10, /Rows were cut/],
  ['the last checkpoint has the note of another size', checkpointAs('note'), 0, /The checkpoint of 16 rows stands behind 20/],
  ['the last checkpoint has another root signed by nobody',
    sql(`update app.audit_checkpoints set note = replace(note, encode(root, 'base64'), encode(sha256('forged'), 'base64')) where tenant_id = $1 and size = 20`),
    0, /no good signature/],
  ['the log is cut with its checkpoints', (tenant) => cutBack(admin, tenant, 16), 16, /cut, or rolled back/, true],
  ['the log is rolled back with its checkpoints and written anew',
    async (tenant) => {
      await cutBack(admin, tenant, 16);
      await write([tenant], 9);
      await sealAll(admin, sealer.sealer);
    }, 0, /Log and checkpoints were rewritten/, true],
  ['the whole log is written anew',
    async (tenant) => {
      await cutBack(admin, tenant, 0);
      await write([tenant], 20);
      await sealAll(admin, sealer.sealer);
    }, 0, /Log and checkpoints were rewritten/, true],
]; // prettier-ignore

describe('a log that a superuser tampered with', () => {
  const logs = CASES.map(() => randomUUID());
  const untouched = randomUUID();
  const kept = new Map<string, string>();

  beforeAll(async () => {
    [admin, auth] = [await db.as('admin'), await db.as('auth')];
    sealer = await openSealer(db.connections.auth);
    for (const [n, size] of SIZES.entries()) {
      await write([...logs, untouched], size - (SIZES[n - 1] ?? 0));
      await sealAll(admin, sealer.sealer, 5_000);
    }
    const { rows } = await admin.query<{ log: string; note: string }>(
      'select tenant_id as log, note from app.audit_checkpoints where size = 20',
    );
    for (const { log, note } of rows) kept.set(log, note);
  });
  afterAll(() => sealer.close());

  it.each(CASES.map((one, n) => [one[0], n] as const))('%s', async (_, n) => {
    const [, tamperWith, row, says, needsKept] = CASES[n] as Case;
    const log = logs[n] as string;
    const checkpoints = [kept.get(log) as string];
    expect(await verify(await exported(log), { checkpoints })).toMatchObject({ rows: 20, keptCheckpoints: 1 });
    await tamperWith(log);
    const text = await exported(log);
    if (needsKept) await verify(text);
    const fault: Fault = needsKept ? await faultOf(text, { checkpoints }) : await faultOf(text);
    expect(fault).toEqual({ row, message: expect.stringMatching(says) });
  });

  it('leaves the others as they were', async () => {
    const text = await exported(untouched);
    expect(await verify(text, { checkpoints: [kept.get(untouched) as string] })).toMatchObject({ rows: 20 });
    expect(linesOf(text)[0]?.header).toMatchObject({ size: 20 });
  });
});
