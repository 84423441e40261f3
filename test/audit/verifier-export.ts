import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { leafHash, treeHash } from './merkle-oracle.js';

/** Writes exports from docs/audit-format.md alone, sound ones and, by what a test puts in between, others. */

export const TENANT = '01a2b3c4-0000-7000-8000-0000000000aa';
export const uuid = (number: number): string => `01a2b3c4-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
const sha256 = (...parts: (string | Uint8Array)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** RFC 8785 for what ECMAScript can hold: its own serialisation, with sorted members. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`).join()}}`;
}

export interface Signer {
  name: string;
  vkey: string;
  hash: Buffer;
  privateKey: KeyObject;
}

export function signer(name = 'ringfence.example'): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.concat([Buffer.from([1]), Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')]);
  const hash = sha256(`${name}\n`, bytes).subarray(0, 4);
  return { name, vkey: `${name}+${hash.toString('hex')}+${bytes.toString('base64')}`, hash, privateKey };
}

export const entryOf = (seq: number, more: Record<string, Json> = {}): Record<string, Json> => ({
  v: 1,
  tenantId: TENANT,
  id: uuid(1000 + seq),
  seq,
  at: `2026-11-21T16:00:00.${String(seq).padStart(6, '0')}Z`,
  actorType: 'user',
  actorId: uuid(1),
  sessionId: uuid(2),
  action: 'deal.updated',
  targetType: 'deal',
  targetId: uuid(3),
  outcome: 'success',
  code: null,
  requestId: uuid(4),
  count: 1,
  details: { note: `N° ${seq} "quoted" \\ and\n` },
  personal: null,
  changes: [
    {
      type: 'deal',
      id: uuid(3),
      op: 'update',
      before: { amount: '1.50', won: false },
      after: { amount: '2.50', won: true },
      personal: null,
    },
  ],
  ...more,
});

export interface Opening {
  nonce: string;
  value: string;
}

/** The commitment to a value, and its opening as it stands in an export. */
export function commit(value: string): [commitment: string, opening: Opening] {
  const nonce = sha256(value, 'nonce');
  return [sha256(nonce, value).toString('hex'), { nonce: nonce.toString('base64'), value }];
}

export const hashOf = (entry: string): string => leafHash(entry).toString('hex');

/** A row's line; its parts are text, so that a test can spoil each. */
export function rowLine(entry: string, hash = hashOf(entry), openings?: Record<string, Opening>): string {
  return `{"entry":${entry},"hash":"${hash}"${openings ? `,"openings":${JSON.stringify(openings)}` : ''}}`;
}

export interface NoteParts {
  tenant?: string;
  /** whose log the note says it is, if not its signer's */
  owner?: string;
  size?: number;
  epoch?: number;
}

/** The text of a checkpoint over these leaf hashes. */
export function noteOf(
  by: Signer,
  leaves: readonly string[],
  { tenant = TENANT, owner = by.name, size, epoch = 1 }: NoteParts = {},
): string {
  const root = treeHash(leaves.map((hash) => Buffer.from(hash, 'hex'))).toString('base64');
  const body = `${owner}/audit/${tenant}\n${size ?? leaves.length}\n${root}\nat 2026-11-21T16:00:00.123456Z\nepoch ${epoch}\n`;
  const signature = Buffer.concat([by.hash, sign(null, Buffer.from(body), by.privateKey)]);
  return `${body}\n— ${by.name} ${signature.toString('base64')}\n`;
}

export const headerLine = (size: number, keys: readonly string[], more: Record<string, Json> = {}): string =>
  JSON.stringify({
    header: {
      format: 'ringfence-audit-1',
      tenantId: TENANT,
      exportedAt: '2026-11-21T17:00:00.000000Z',
      size,
      keys,
      ...more,
    },
  });
export const checkpointLine = (note: string): string => JSON.stringify({ checkpoint: note });
export const endLine = (size: number): string => JSON.stringify({ end: { size } });

/** A whole export: header, rows with a checkpoint behind every few and behind the last, end. */
export function exportOf(by: Signer, rows: readonly string[], every = 5, hashes = rows.map(storedHash)): string[] {
  const lines = [headerLine(rows.length, [by.vkey])];
  rows.forEach((row, seq) => {
    lines.push(row);
    const size = seq + 1;
    if (size % every === 0 || size === rows.length) lines.push(checkpointLine(noteOf(by, hashes.slice(0, size))));
  });
  return [...lines, endLine(rows.length)];
}

export const storedHash = (row: string): string => /"hash":"([0-9a-f]{64})"/.exec(row)![1]!;

export const plainRows = (count: number): string[] =>
  Array.from({ length: count }, (_, seq) => rowLine(canonical(entryOf(seq))));
