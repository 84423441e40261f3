import { expect } from '@jest/globals';
import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Client } from 'pg';
import { rfcRoot } from './rfc-tree.js';

/*
 * Checks every log of a database against docs/audit-format.md, with none of the server's code: from the rows, as the
 * superuser sees them, to the signatures.
 */

interface Row {
  seq: string | null;
  hash: Buffer | null;
  document: Record<string, unknown>;
}
interface Checkpoint {
  size: string;
  epoch: number;
  at: string;
  root: Buffer;
  verifier_key: string;
  note: string;
}

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const SPKI = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410

/** RFC 8785, for what an entry may hold. */
const canonical = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
};

/** Fails for whatever does not fit. @returns entries of each log @param all whether each entry must have its number */
export async function checkLogs(admin: Client, keyName: string, all = true): Promise<Map<string, number>> {
  await admin.query('begin isolation level repeatable read read only'); // a sealer may be at work
  try {
    const { rows } = await admin.query<{ id: string }>(
      'select distinct tenant_id as id from app.audit_log order by id',
    );
    const sizes = new Map<string, number>();
    for (const { id } of rows) sizes.set(id, await checkLog(admin, keyName, id, all));
    return sizes;
  } finally {
    await admin.query('rollback');
  }
}

async function checkLog(admin: Client, keyName: string, tenant: string, all: boolean): Promise<number> {
  const { rows } = await admin.query<Row>(
    `select f.seq, f.hash, app.audit_document(l) as document
       from app.audit_log l left join app.audit_leaves f on f.tenant_id = l.tenant_id and f.entry_id = l.id
      where l.tenant_id = $1 order by f.seq`,
    [tenant],
  );
  const sealed = rows.filter(({ seq }) => seq !== null);
  if (all) expect(sealed).toHaveLength(rows.length);
  expect(sealed.map(({ seq }) => Number(seq))).toEqual(sealed.map((_, n) => n)); // no gap, no duplicate
  const leaves = sealed.map(({ document }, seq) => sha256(Buffer.of(0), Buffer.from(canonical({ ...document, seq }))));
  expect(sealed.map(({ hash }) => hash?.toString('hex'))).toEqual(leaves.map((leaf) => leaf.toString('hex')));
  const stray = await admin.query('select count(*)::int as n from app.audit_leaves where tenant_id = $1', [tenant]);
  expect(stray.rows).toEqual([{ n: leaves.length }]);
  await checkNodes(admin, tenant, leaves);
  await checkCheckpoints(admin, keyName, tenant, leaves);
  return leaves.length;
}

/** Each perfect subtree's root, once, and no others. */
async function checkNodes(admin: Client, tenant: string, leaves: Buffer[]): Promise<void> {
  const { rows } = await admin.query<{ level: number; index: string; hash: Buffer }>(
    'select level, index, hash from app.audit_nodes where tenant_id = $1 order by level, index',
    [tenant],
  );
  const expected: string[] = [];
  for (let level = 1; 2 ** level <= leaves.length; level++)
    for (let index = 0; (index + 1) * 2 ** level <= leaves.length; index++) {
      const root = rfcRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
      expected.push(`${level}/${index} ${root.toString('hex')}`);
    }
  expect(rows.map((row) => `${row.level}/${row.index} ${row.hash.toString('hex')}`)).toEqual(expected);
}

async function checkCheckpoints(admin: Client, keyName: string, tenant: string, leaves: Buffer[]): Promise<void> {
  const { rows } = await admin.query<Checkpoint>(
    `select size, epoch, root, verifier_key, note, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
       from app.audit_checkpoints where tenant_id = $1 order by size`,
    [tenant],
  );
  if (leaves.length > 0) expect(Number(rows.at(-1)?.size)).toBe(leaves.length);
  for (const { size, epoch, at, root, verifier_key, note } of rows) {
    const expected = rfcRoot(leaves.slice(0, Number(size))).toString('base64');
    expect(root.toString('base64')).toBe(expected);
    const text = `${keyName}/audit/${tenant}\n${size}\n${expected}\nat ${at}\nepoch ${epoch}\n`;
    const [name, keyHash, ...encoded] = verifier_key.split('+');
    const key = Buffer.from(encoded.join('+'), 'base64');
    expect(
      sha256(Buffer.from(`${keyName}\n`), key)
        .subarray(0, 4)
        .toString('hex'),
    ).toBe(keyHash);
    const head = `${text}\n— ${name} `;
    expect(note.startsWith(head)).toBe(true);
    const signed = Buffer.from(note.slice(head.length), 'base64');
    expect(signed.subarray(0, 4).toString('hex')).toBe(keyHash);
    const spki = createPublicKey({ key: Buffer.concat([SPKI, key.subarray(1)]), format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from(text), spki, signed.subarray(4))).toBe(true);
  }
  const [times, epochs] = [rows.map(({ at }) => at), rows.map(({ epoch }) => epoch)];
  expect(times).toEqual([...times].sort()); // never backwards
  expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
}
