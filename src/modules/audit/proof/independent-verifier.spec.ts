import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.js';
import * as notes from './checkpoint-note.js';
import { EMPTY_ROOT, Frontier, leafHash } from './merkle.js';

/* What is made here is checked with the auditor's program, which was written from docs/audit-format.md alone. */
const program: string = '../../../audit-verifier/ringfence-audit-verify.mjs'; // plain JavaScript, without types
const { verifyAudit, AuditFault } = (await import(program)) as {
  verifyAudit(lines: AsyncIterable<Buffer>, trust: { keys?: string[]; checkpoints?: string[] }): Promise<unknown>;
  AuditFault: new () => Error;
};

const TENANT = '01a2b3c4-0000-7000-8000-00000000000f';
const HOST = '[::1]:3000'; // the least usual name that a key can have
const AT = '2026-11-21T16:00:00.123456Z';
const keyOf = (seed: string): notes.CheckpointKey => notes.checkpointKey(createHash('sha256').update(seed).digest());
const [KEY, OTHER_KEY] = [keyOf('one'), keyOf('two')];
const VERIFIER_KEY = notes.verifierKey(HOST, KEY);

// what has more than one spelling in JSON, or more than one order
const DETAILS: Record<string, unknown>[] = [
  {},
  { b: [1, [], {}], a: null, '': true, A: -0 },
  { '\ufb33': 1, '\ud83d\ude00': 2, '\u20ac': 3, '\r': 4 },
  { text: '\u0000\u001f\u007f\u2028\\"/\b\t\n\f\r<é😀' },
  { large: [2 ** 53 - 1, -(2 ** 53) + 1] },
  JSON.parse('{"toJSON":1,"__proto__":{"10":0,"9":0}}'),
  { deep: Array.from({ length: 198 }).reduce((inner) => [inner], []) },
];
const entry = (seq: number): object => ({
  ...{ v: 1, tenantId: TENANT, id: `01a2b3c4-0000-7000-8000-${String(seq).padStart(12, '0')}`, seq, at: AT },
  ...{ actorType: 'user', actorId: TENANT, sessionId: null, action: 'deal.updated', targetType: 'deal' },
  ...{ targetId: TENANT, outcome: 'success', code: null, requestId: 'r', count: 1, personal: null, changes: [] },
  details: DETAILS[seq % DETAILS.length],
});

/** An export with a checkpoint behind each row. */
async function* exportOf(size: number, key = KEY): AsyncGenerator<Buffer> {
  const header = { format: 'ringfence-audit-1', tenantId: TENANT, exportedAt: AT, size, keys: [VERIFIER_KEY] };
  yield Buffer.from(`${JSON.stringify({ header })}\n`);
  const frontier = new Frontier();
  for (let seq = 0; seq < size; seq++) {
    const text = canonicalJson(entry(seq));
    const hash = leafHash(Buffer.from(text));
    frontier.append(hash);
    yield Buffer.from(`{"entry":${text},"hash":"${hash.toString('hex')}"}\n`);
    yield Buffer.from(`${JSON.stringify({ checkpoint: checkpointOf(seq + 1, frontier.root(), key) })}\n`);
  }
  yield Buffer.from(`${JSON.stringify({ end: { size } })}\n`);
}

const checkpointOf = (size: number, root: Buffer, key = KEY): string =>
  notes.signCheckpoint({ keyName: HOST, tenantId: TENANT, size, root, at: AT, epoch: 1 }, key);

describe('the auditor', () => {
  it('finds entries, tree and signed checkpoints as the format has them', async () => {
    await expect(verifyAudit(exportOf(30), { keys: [VERIFIER_KEY] })).resolves.toMatchObject({
      rows: 30,
      checkpoints: 30,
      keys: [VERIFIER_KEY],
    });
  });

  it('takes the checkpoint of the empty log for one of it', async () => {
    const checkpoints = [checkpointOf(0, EMPTY_ROOT)];
    await expect(verifyAudit(exportOf(0), { checkpoints })).resolves.toMatchObject({ rows: 0 });
    await expect(verifyAudit(exportOf(3), { checkpoints })).resolves.toMatchObject({ rows: 3 });
  });

  it('refuses checkpoints that another key signed, and ones of another tree', async () => {
    await expect(verifyAudit(exportOf(3, OTHER_KEY), {})).rejects.toBeInstanceOf(AuditFault);
    const other = checkpointOf(2, leafHash(Buffer.from('another')));
    await expect(verifyAudit(exportOf(3), { checkpoints: [other] })).rejects.toBeInstanceOf(AuditFault);
  });
});
