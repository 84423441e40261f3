import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { CheckpointCopies } from '../../src/modules/audit/sealing/checkpoint-copies.js';
import { CheckpointDirectory } from '../../src/modules/audit/sealing/checkpoint-directory.js';
import { checkLogs } from '../support/audit-oracle.js';
import { useDatabase } from '../support/database.js';
import { cutBack, forge } from '../support/forgery.js';
import { until } from '../support/mail-pod.js';
import { KEY_NAME, note, numberOf, openSealer, sealAll, type SealerProcess } from '../support/sealers.js';

/* A superuser changes what the server goes on from, and the server says so by itself. */

const { db } = useDatabase();
const { a, b } = db.world;
let admin: Client;
let auth: Client;
let one: SealerProcess;
let two: SealerProcess;
let home: string;
let said: string[];

beforeAll(async () => {
  [admin, auth] = [await db.as('admin'), await db.as('auth')];
  [one, two] = [await openSealer(db.connections.auth), await openSealer(db.connections.auth)];
  home = await mkdtemp(join(tmpdir(), 'ringfence-checkpoints-'));
  // so that nothing but being taken back makes the sealer look through the log
  const settled = 'select from auth.audit_state where recounted_to is null and server is not null';
  await until(async () => (await one.sealer.run(500)) === 0 && (await admin.query(settled)).rowCount === 1);
});
beforeEach(() => {
  said = [];
  for (const level of ['error', 'log'] as const)
    jest
      .spyOn(Logger.prototype, level)
      .mockImplementation((line: unknown) => void said.push(`${level} ${String(line)}`));
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  await rm(home, { recursive: true });
});

describe('a log that is not what was signed', () => {
  const tables = ['leaves', 'nodes', 'checkpoints'].map((name) => `app.audit_${name}`);
  const stored = async (log: string): Promise<string[]> => {
    const read = (table: string) => admin.query(`select coalesce(json_agg(t), '[]')::text as rows from (select * from ${table} where tenant_id = $1 order by 1, 2, 3) t`, [log]); // prettier-ignore
    const all: string[] = [];
    for (const table of tables) all.push(((await read(table)).rows[0] as { rows: string }).rows);
    return all;
  };
  const putBack = async (log: string, before: string[]): Promise<void> => {
    for (const [n, table] of tables.entries()) {
      await forge(admin, `delete from ${table} where tenant_id = $1`, [log]);
      await forge(admin, `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [before[n]]);
    }
  };

  // seven entries, of which four, then two, then one make the perfect subtrees
  it.each([
    ['the last leaf is another', `update app.audit_leaves set hash = sha256('') where tenant_id = $1 and seq = 6`],
    ['the last leaf is gone', 'delete from app.audit_leaves where tenant_id = $1 and seq = 6'],
    ['all leaves are gone', 'delete from app.audit_leaves where tenant_id = $1'],
    ['a leaf was added', `insert into app.audit_leaves values ($1, 7, gen_random_uuid(), sha256(''))`],
    ['a node is another', `update app.audit_nodes set hash = sha256('') where tenant_id = $1 and level = 2`],
    ['a node is gone', 'delete from app.audit_nodes where tenant_id = $1 and level = 1 and index = 2'],
    ['a node was added', `insert into app.audit_nodes values ($1, 1, 3, sha256(''))`],
    ['its checkpoint is another', `update app.audit_checkpoints set root = sha256('') where tenant_id = $1`],
    ['its checkpoint is gone', 'delete from app.audit_checkpoints where tenant_id = $1'],
  ])('gets no signature, and the others go on: %s', async (_, sql) => {
    const log = randomUUID();
    for (let n = 0; n < 7; n++) await note(auth, log, { n });
    await sealAll(admin, one.sealer);
    const before = await stored(log);
    await forge(admin, sql, [log]);
    const forged = await stored(log);
    await note(auth, log, { behind: log });
    for (const [n, { sealer }] of [one, two, one].entries()) {
      await note(auth, b.id, { beside: log, n });
      await until(async () => {
        await sealer.run(1); // what is set aside does not use up the pass
        return (await numberOf(admin, b.id, { beside: log, n })) !== undefined;
      });
    }
    await Promise.all([one, two].map(({ sealer }) => sealer.lookAgain()));
    expect(await stored(log)).toEqual(forged);
    const altered = `error the audit log is not what was signed (tenant ${log}): `;
    expect(said).toEqual([1, 2].map(() => expect.stringContaining(altered))); // each process, once
    await putBack(log, before);
    for (const { sealer } of [one, two]) await sealer.lookAgain();
    expect(said.slice(2)).toEqual([1, 2].map(() => `log the audit log is not what was signed (tenant ${log}): over`));
    await sealAll(admin, two.sealer);
    expect(await numberOf(admin, log, { behind: log })).toBe(7);
  });

  it('is sound again at the end, as all others are', () => checkLogs(admin, KEY_NAME));
});

describe('a log that was rolled back', () => {
  const LINE = /^error the audit log was rolled back \(tenant /;
  const write = async (details: object): Promise<void> => {
    await note(auth, a.id, details);
    await sealAll(admin, one.sealer);
  };
  const sizeOf = async (): Promise<number> => {
    const { rows } = await admin.query(
      'select max(size)::int as size from app.audit_checkpoints where tenant_id = $1',
      [a.id],
    );
    return (rows[0] as { size: number }).size;
  };
  const filesOf = (path: string): Promise<string[]> => readdir(join(path, a.id));
  /** Copies of so many sizes of the log, one a round. */
  const copiesOf = async (
    ...details: object[]
  ): Promise<{ path: string; copies: CheckpointCopies; sizes: number[] }> => {
    const path = await mkdtemp(join(home, 'copies-'));
    const copies = new CheckpointCopies(one.rows);
    const sizes: number[] = [];
    for (const one of details) {
      await write(one);
      await copies.run(new CheckpointDirectory(path));
      sizes.push(await sizeOf());
    }
    return { path, copies, sizes };
  };

  it.each([
    ['to a size without a file, and is smaller', 1],
    ['to a size without a file, and grew to the size it had', 2],
    ['to a size without a file, and grew beyond', 4],
  ])('%s, is told by a process that was there and by a new one; nothing of it is copied', async (_, entries) => {
    const { path, copies, sizes } = await copiesOf({ kept: 1 }, { kept: 2 });
    await write({ not: 'kept' });
    const without = await sizeOf();
    for (let n = 0; n < 2; n++) await write({ kept: 3, n });
    await copies.run(new CheckpointDirectory(path));
    const files = [...(await filesOf(path))];
    expect([files.length, sizes.includes(without)]).toEqual([3, false]);
    await cutBack(admin, a.id, without);
    for (let n = 1; n < entries; n++) await note(auth, a.id, { forged: n }); // one pass, so no checkpoint of each size
    await write({ forged: 0 });
    for (const process of [copies, copies, new CheckpointCopies(one.rows)])
      await process.run(new CheckpointDirectory(path));
    expect(said).toEqual([1, 2].map(() => expect.stringMatching(LINE))); // once a process, within ten minutes
    await write({ forged: 'more' });
    await copies.run(new CheckpointDirectory(path));
    expect(await filesOf(path)).toEqual(files);
    expect([said.length, said[0]]).toEqual([2, expect.stringContaining(a.id)]);
  });

  it('is told again after ten minutes, while it lasts; over once what is kept is put away', async () => {
    const { path, copies } = await copiesOf({ told: 1 }, { told: 2 });
    const store = new CheckpointDirectory(path);
    await cutBack(admin, a.id, (await sizeOf()) - 1);
    const start = Date.now();
    const now = jest.spyOn(Date, 'now');
    for (const minute of [0, 5, 11, 12]) {
      now.mockReturnValue(start + minute * 60_000);
      await copies.run(store);
    }
    now.mockRestore();
    expect(said).toEqual([1, 2].map(() => expect.stringMatching(LINE)));
    await rename(join(path, a.id), `${path}-evidence`);
    await copies.run(store);
    expect(said.at(-1)).toBe(`log the audit log was rolled back (tenant ${a.id}): over`);
    expect(await filesOf(path)).toEqual([`${String(await sizeOf()).padStart(20, '0')}.txt`]);
  });

  it('to nothing is told, by a process that was there and by a new one', async () => {
    await note(auth, b.id);
    const { path, copies } = await copiesOf({ all: 'of it' });
    await cutBack(admin, b.id, 0);
    for (const process of [copies, copies, new CheckpointCopies(one.rows)])
      await process.run(new CheckpointDirectory(path));
    expect(said).toEqual([1, 2].map(() => expect.stringMatching(`rolled back \\(tenant ${b.id}\\).* of 0 entries`)));
  });
});
