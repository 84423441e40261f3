import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AuditFault,
  inert,
  MerkleTree,
  UnusableInput,
  verifyAudit,
  type VerifyOptions,
} from '../../src/audit-verifier/ringfence-audit-verify.mjs';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';
import { leafHash, treeHash } from './merkle-oracle.js';
import {
  canonical,
  checkpointLine,
  commit,
  endLine,
  entryOf,
  exportOf,
  hashOf,
  headerLine,
  noteOf,
  plainRows,
  rowLine,
  signer,
  storedHash,
  uuid,
} from './verifier-export.js';

const server = signer();
const ROWS = plainRows(20);
const SOUND = exportOf(server, ROWS);
const HASHES = ROWS.map(storedHash);
/** Lines of SOUND: header, five rows, checkpoint, five rows, checkpoint, ... */
const lineOf = (seq: number): number => 1 + seq + Math.floor(seq / 5);
const checkpointAt = (size: number): number => lineOf(size - 1) + 1;

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const chunked = (text: string | Buffer, size = 1 << 16): Readable => {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return Readable.from(Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)));
};
const verify = (lines: readonly string[], options?: VerifyOptions) => verifyAudit(chunked(textOf(lines)), options);

const faultOf = async (lines: readonly string[] | Readable, options?: VerifyOptions): Promise<AuditFault> => {
  const done = lines instanceof Readable ? verifyAudit(lines, options) : verify(lines, options);
  const error: unknown = await done.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AuditFault);
  return error as AuditFault;
};
const changed = (index: number, to: (line: string) => string | string[], lines = SOUND): string[] =>
  lines.flatMap((line, at) => (at === index ? to(line) : line));
const without = (...indexes: number[]): string[] => SOUND.filter((_, at) => !indexes.includes(at));

describe('a sound export', () => {
  it('is summed up', async () => {
    await expect(verify(SOUND)).resolves.toMatchObject({
      tenantId: uuid(0xaa),
      rows: 20,
      pruned: 0,
      checkpoints: 4,
      keys: [server.vkey],
      firstAt: '2026-11-21T16:00:00.000000Z',
      lastAt: '2026-11-21T16:00:00.000019Z',
      root: treeHash(HASHES.map((hash) => Buffer.from(hash, 'hex'))).toString('base64'),
    });
  });

  it.each([1, 7, 700])('is sound in pieces of %d bytes', async (size) => {
    await expect(verifyAudit(chunked(textOf(SOUND), size))).resolves.toMatchObject({ rows: 20, checkpoints: 4 });
  });

  it('may be of a log without rows', async () => {
    await expect(verify([headerLine(0, [server.vkey]), endLine(0)])).resolves.toMatchObject({ rows: 0, firstAt: '' });
  });

  it('keeps the place of what retention removed, if the log says how much that was', async () => {
    const retained = (rows: number, actorType: string, to = '2026-11-01T00:00:00Z'): string =>
      rowLine(canonical(entryOf(19, { action: 'audit.retention_applied', actorType, details: { to, rows } })));
    const missing = (of: (seq: number) => boolean, last: string): string[] =>
      exportOf(
        server,
        ROWS.map((row, seq) =>
          seq === 19 ? last : of(seq) ? JSON.stringify({ pruned: { seq, hash: storedHash(row) } }) : row,
        ),
      );
    const first7 = (seq: number): boolean => seq < 7;
    await expect(verify(missing(first7, retained(7, 'operator')))).resolves.toMatchObject({ pruned: 7 });
    await expect(verify(missing(first7, retained(7, 'command_line')))).resolves.toMatchObject({ pruned: 7 });
    const fewer = await faultOf(missing(first7, retained(6, 'operator')));
    expect(fewer.message).toContain(
      'Row 0 is missing: 7 rows have only their hash, and by its entries retention removed 6',
    );
    // a member may name an entry as they like, by SQL; who wrote it, they may not
    expect((await faultOf(missing(first7, retained(7, 'user')))).message).toContain('Row 0 is missing');
    const oneMore = await faultOf(missing((seq) => seq < 7 || seq === 12, retained(7, 'operator')));
    expect(oneMore.message).toContain('Row 12 is missing');
    // the number is right, and the place is not: retention takes the oldest
    const another = await faultOf(missing((seq) => seq === 12, retained(1, 'operator')));
    expect(another.message).toContain('A row is missing behind row 11');
    const kept = await faultOf(missing(first7, retained(7, 'operator', '2026-12-01T00:00:00Z')));
    expect(kept.message).toContain('Row 7 is of 2026-11-21T16:00:00.000007Z');
  });

  it.each<[string, (line: string) => string]>([
    ['a tenant', (line) => line.replace(/"tenantId":"[^"]*"/, '"tenantId":{"toString":1}')],
    ['a tenant in a list', (line) => line.replace(/"tenantId":("[^"]*")/, '"tenantId":[$1]')],
    ['a form', (line) => line.replace(/"format":"[^"]*"/, '"format":{"toString":1}')],
    ['a key', (line) => line.replace(/"keys":\[/, '"keys":[{"toString":1},')],
  ])('is none with %s that is no text', async (_, to) => {
    await expect(verify(changed(0, to))).rejects.toMatchObject({ name: 'UnusableInput' });
  });

  it('is not sound with numbers, hashes and notes that are none', async () => {
    const odd = '{"toString":1}';
    for (const line of [
      `{"pruned":{"seq":3,"hash":${odd}}}`,
      `{"pruned":{"seq":${odd},"hash":"${HASHES[3]!}"}}`,
      `{"checkpoint":${odd}}`,
      `{"end":${odd}}`,
    ])
      await faultOf(changed(lineOf(3), () => line));
  });

  it('is read through once for a row that never says who it is: else this would take an hour', async () => {
    await faultOf(changed(lineOf(0), () => `{"entry":${'x'.repeat(2_000_000)}`));
  });

  it('is not sound where a row is said to be pruned and nobody pruned', async () => {
    const middle = changed(lineOf(3), () => JSON.stringify({ pruned: { seq: 3, hash: HASHES[3]! } }));
    expect((await faultOf(middle)).message).toContain('Row 3 is missing: 1 rows have only their hash');
  });

  it('agrees with checkpoints that somebody kept, and with keys that are pinned', async () => {
    const checkpoints = [3, 10, 20].map((size) => noteOf(server, HASHES.slice(0, size)));
    const proved = await verify(SOUND, { checkpoints, keys: [server.vkey] });
    expect(proved).toMatchObject({ keptCheckpoints: 3, keys: [server.vkey] });
  });

  it('may be signed by a second key from some checkpoint on', async () => {
    const next = signer();
    const lines = changed(checkpointAt(20), () => checkpointLine(noteOf(next, HASHES, { epoch: 2 })));
    lines[0] = headerLine(20, [server.vkey, next.vkey]);
    await expect(verify(lines)).resolves.toMatchObject({ keys: [server.vkey, next.vkey].sort() });
    const { message } = await faultOf(lines, { keys: [server.vkey] });
    expect(message).toContain('which is none of the keys you gave: rows 15 to 19 are not proved');
  });
});

describe('rows', () => {
  it.each([0, 9, 18])('row %d removed is named with what stands in its place', async (seq) => {
    const fault = await faultOf(without(lineOf(seq)));
    if (seq % 5 === 4) {
      expect(fault.message).toBe(
        `The checkpoint of ${seq + 1} rows stands behind ${seq}: rows ${seq - 4} to ${seq - 1} are not proved (line ${checkpointAt(seq + 1)}, behind row ${seq - 1}).`,
      );
      return;
    }
    expect(fault.row).toBe(seq);
    const { id, at } = entryOf(seq + 1) as { id: string; at: string };
    expect(fault.message).toBe(
      `Row ${seq} is missing: in its place stands row ${seq + 1} (id ${id}, action deal.updated, at ${at}).`,
    );
  });

  it('the last row removed is found', async () => {
    const fault = await faultOf(without(lineOf(19)));
    expect(fault.message).toContain('The checkpoint of 20 rows stands behind 19: rows 15 to 18 are not proved');
    expect((await faultOf(without(lineOf(19), checkpointAt(20)))).message).toContain(
      'Rows were cut: 20 were announced',
    );
  });

  it('two swapped are found', async () => {
    const lines = [...SOUND];
    [lines[lineOf(6)], lines[lineOf(8)]] = [lines[lineOf(8)]!, lines[lineOf(6)]!];
    expect(await faultOf(lines)).toMatchObject({
      row: 6,
      message: expect.stringContaining('Row 6 is missing'),
    });
  });

  it('one that is there twice, or comes from another place, is found', async () => {
    const fault = await faultOf(changed(lineOf(7), (line) => [line, line]));
    expect(fault.row).toBe(8);
    expect(fault.message).toMatch(/^Row 8 \(id .*\) has the number 7: it is a copy, or was moved\.$/);
  });

  it('every byte of a row counts', async () => {
    const lines = exportOf(server, ROWS.slice(0, 3));
    const [before, line, after] = [lines.slice(0, 2), lines.slice(2, 3), lines.slice(3)].map((some) =>
      Buffer.from(textOf(some)),
    );
    for (let at = 0; at < line!.length - 1; at += 1) {
      const bytes = Buffer.from(line!);
      bytes[at]! ^= 1;
      const fault = await faultOf(chunked(Buffer.concat([before!, bytes, after!])));
      expect([at, fault.row]).toEqual([at, 1]);
    }
  });

  it('a changed byte is named by number, id, action and time', async () => {
    const { message, row } = await faultOf(changed(lineOf(12), (line) => line.replace('"2.50"', '"9.50"')));
    const { id, at } = entryOf(12) as { id: string; at: string };
    expect(row).toBe(12);
    expect(message).toBe(
      `Row 12 (id ${id}, action deal.updated, at ${at}) was changed: its hash is not the one that was stored with it.`,
    );
  });

  it('a row changed together with its stored hash is found by the next checkpoint', async () => {
    const forged = rowLine(canonical(entryOf(12, { outcome: 'denied' })));
    const fault = await faultOf(changed(lineOf(12), () => forged));
    expect(fault.row).toBe(10);
    expect(fault.message).toContain('rows 10 to 14 are not what the checkpoint behind was made of');
  });

  it('a row of another log, and one of another version, are found', async () => {
    const of = async (more: Record<string, string | number>) =>
      (await faultOf(changed(lineOf(3), () => rowLine(canonical(entryOf(3, more)))))).message;
    expect(await of({ tenantId: uuid(0xbb) })).toMatch(/^Row 3 .* is of another log\.$/);
    expect(await of({ v: 2 })).toMatch(/^Row 3 .* is of a version that this program does not know\.$/);
  });

  it('one more than the header announces is found', async () => {
    const lines = SOUND.toSpliced(-1, 0, rowLine(canonical(entryOf(20))));
    expect(await faultOf(lines)).toMatchObject({ row: 20, message: expect.stringContaining('was added') });
  });

  it('a false number on a pruned row is found', async () => {
    const hash = HASHES[4]!;
    const of = (seq: number) => changed(lineOf(4), () => JSON.stringify({ pruned: { seq, hash } }));
    expect((await faultOf(of(5))).message).toBe('Row 4 is missing: in its place stands row 5 (pruned).');
    const other = changed(lineOf(4), () => JSON.stringify({ pruned: { seq: 4, hash: HASHES[5]! } }));
    expect((await faultOf(other)).message).toContain('rows 0 to 4 are not what the checkpoint behind was made of');
  });
});

describe('checkpoints', () => {
  const replaced = (note: string): string[] => changed(checkpointAt(15), () => checkpointLine(note));
  const first15 = HASHES.slice(0, 15);
  it.each([
    ['of another size', noteOf(server, first15, { size: 14 }), 'The checkpoint of 14 rows stands behind 15'],
    ['of an earlier place', noteOf(server, HASHES.slice(0, 10)), 'The checkpoint of 10 rows stands behind 15'],
    ['of another tenant', noteOf(server, first15, { tenant: uuid(9) }), `is of ringfence.example/audit/${uuid(9)}`],
    ['by another key', noteOf(signer(), first15), 'has no good signature by a key of the header'],
    ['of an older epoch', noteOf(server, first15, { epoch: 0 }), 'is of epoch 0, behind one of epoch 1'],
    ['that is no note', 'hello', 'A checkpoint cannot be read'],
    ['with a line more', noteOf(server, first15).replace('\nepoch', '\nmore\nepoch'), 'A checkpoint cannot be read'],
  ])('one %s names the rows that it leaves unproved', async (_, note, why) => {
    const fault = await faultOf(replaced(note));
    expect(fault.row).toBe(10);
    expect(fault.message).toContain(why);
    expect(fault.message).toContain('rows 10 to 14 are not proved');
  });

  it('a signature moved to another text does not hold', async () => {
    const [, signature] = noteOf(server, HASHES.slice(0, 15), { epoch: 2 }).split('\n\n');
    const [body] = noteOf(server, HASHES.slice(0, 15)).split('\n\n');
    expect((await faultOf(replaced(`${body}\n\n${signature}`))).message).toContain('has no good signature');
  });

  it('a signature by a name that is not the origin’s does not hold', async () => {
    const other = signer('other.example');
    const note = noteOf(other, first15, { owner: server.name });
    const lines = replaced(note);
    lines[0] = headerLine(20, [server.vkey, other.vkey]);
    expect((await faultOf(lines)).message).toContain('has no good signature');
  });

  it('the last one must be there', async () => {
    const fault = await faultOf(without(checkpointAt(20)));
    expect(fault.message).toContain('The last checkpoint is missing: rows 15 to 19 are not proved');
  });
});

describe('log and checkpoints together', () => {
  const kept = noteOf(server, HASHES);
  const rolledBack = exportOf(server, ROWS.slice(0, 12));
  const rewritten = exportOf(server, [
    ...ROWS.slice(0, 11),
    rowLine(canonical(entryOf(11, { outcome: 'denied' }))),
    ...ROWS.slice(12),
  ]);

  it('rolled back: sound by itself, found by a checkpoint that was kept', async () => {
    await expect(verify(rolledBack)).resolves.toMatchObject({ rows: 12 });
    const fault = await faultOf(rolledBack, { checkpoints: [kept] });
    expect(fault.row).toBe(12);
    expect(fault.message).toBe(
      "The log was cut, or rolled back with its checkpoints: your checkpoint of 20 rows (2026-11-21T16:00:00.123456Z) goes beyond the export's 12; row 12 is the first that is missing.",
    );
  });

  it('rewritten: the rows between two kept checkpoints are named', async () => {
    await expect(verify(rewritten)).resolves.toMatchObject({ rows: 20 });
    const fault = await faultOf(rewritten, { checkpoints: [kept, noteOf(server, HASHES.slice(0, 8))] });
    expect(fault.row).toBe(8);
    expect(fault.message).toContain(
      'Log and checkpoints were rewritten: rows 8 to 19 are not what your checkpoint of 20 rows',
    );
  });

  it('rewritten and signed anew with a key of one’s own: found by a pinned key, and by a kept checkpoint', async () => {
    const forger = signer();
    const lines = exportOf(forger, ROWS.slice(0, 15));
    await expect(verify(lines)).resolves.toMatchObject({ rows: 15 });
    expect((await faultOf(lines, { keys: [server.vkey] })).message).toContain('which is none of the keys you gave');
    const checkpoints = [noteOf(server, HASHES.slice(0, 15))];
    expect((await faultOf(lines, { checkpoints })).message).toContain('has no good signature by a key of the export');
  });

  it('a kept checkpoint of another log is refused', async () => {
    const checkpoints = [noteOf(server, HASHES, { tenant: uuid(9) })];
    expect((await faultOf(SOUND, { checkpoints })).message).toContain(
      `is of ringfence.example/audit/${uuid(9)}, and the`,
    );
  });
});

describe('the file', () => {
  it('cut between lines or within one is found', async () => {
    expect((await faultOf(SOUND.slice(0, lineOf(8)))).message).toContain(
      '20 rows and an end were announced (line 10, behind row 7)',
    );
    const text = textOf(SOUND);
    for (const cut of [1, 10, 300]) {
      expect((await faultOf(chunked(text.slice(0, -cut)))).message).toContain('The file was cut');
    }
  });

  it.each([
    ['a line', '{"end":{"size":20}}\n'],
    ['an empty line', '\n'],
    ['a byte without a line', ' '],
  ])('with %s behind the end is found', async (_, more) => {
    expect((await faultOf(chunked(textOf(SOUND) + more))).message).toContain('Something follows the end');
  });

  it('whose end or header was changed is found', async () => {
    expect((await faultOf(changed(SOUND.length - 1, () => endLine(19)))).message).toContain('The end has not the size');
    expect((await faultOf(changed(0, () => headerLine(19, [server.vkey])))).row).toBe(19);
    expect((await faultOf(changed(0, () => headerLine(21, [server.vkey])))).message).toContain('Rows were cut');
  });

  it('with CR LF is named as such', async () => {
    expect((await faultOf(changed(lineOf(3), (line) => `${line}\r`))).message).toContain('CR LF');
    await expect(verifyAudit(chunked(SOUND.join('\r\n')))).rejects.toThrow(UnusableInput);
  });

  it('with a line beyond 64 MiB is refused at its place, before it is whole', async () => {
    let sent = 0;
    const endless = async function* () {
      yield Buffer.from(textOf(SOUND.slice(0, lineOf(5))));
      for (;;) {
        sent += 1 << 20;
        yield Buffer.alloc(1 << 20, 0x20);
      }
    };
    const fault = await faultOf(Readable.from(endless()));
    expect(fault.message).toContain('A line is longer than 67,108,864 bytes');
    expect(fault.message).toContain('behind row 4');
    expect(sent).toBeLessThan(68 << 20);
  });

  it.each([
    ['nothing', []],
    ['another text', ['hello']],
    ['rows without a header', SOUND.slice(1)],
    ['another form', [headerLine(0, [], { format: 'ringfence-audit-2' }), endLine(0)]],
    ['a header with a member twice', [SOUND[0]!.replace('"size":20', '"size":20,"size":20')]],
    ['a header with a member more', [headerLine(0, [], { more: 1 }), endLine(0)]],
    ['a key that is none', [headerLine(0, ['x+00000000+AAAA']), endLine(0)]],
  ])('that is %s is unusable', async (_, lines) => {
    await expect(verify(lines)).rejects.toThrow(UnusableInput);
  });

  it.each(['{"note":1}', '[]', '{}', '', 'null', '{"checkpoint":"a","end":{"size":20}}', '{"end":{"size":20} }'])(
    'with the line %s is refused there',
    async (line) => {
      const fault = await faultOf(changed(lineOf(5), (row) => [line, row]));
      expect(fault.message).toContain('behind row 4');
    },
  );
});

describe('entries', () => {
  /** A row whose text and hash fit, sealed as it is: what only its form gives away. */
  const sealed = (entry: string): string[] => exportOf(server, [rowLine(entry)]);
  const good = canonical(entryOf(0));

  it.each([
    ['a member twice', good.replace('"code":null', '"code":null,"code":null')],
    ['a member twice within', good.replace('"amount":"1.50"', '"amount":"1.50","amount":"1.50"')],
    ['members out of order', good.replace('"amount":"1.50","won":false', '"won":false,"amount":"1.50"')],
    ['a member missing', good.replace('"code":null,', '')],
    ['a member more', good.replace('"v":1', '"v":1,"w":1')],
    ['blank space', good.replace('"code":null', '"code": null')],
    ['a needless escape', good.replace('deal.updated', 'deal\\u002eupdated')],
    ['an escape in upper case', good.replace('deal.updated', '\\u001F')],
    ['a slash escaped', good.replace('deal.updated', '\\/')],
    ['half a surrogate', good.replace('deal.updated', '\\ud800')],
    ['a raw control character', good.replace('deal.updated', 'deal\tupdated')],
    ['a fraction', good.replace('"count":1', '"count":1.5')],
    ['an exponent', good.replace('"count":1', '"count":1e3')],
    ['a leading zero', good.replace('"count":1', '"count":01')],
    ['minus zero', good.replace('"count":1', '"count":-0')],
    ['2^53', good.replace('"count":1', '"count":9007199254740992')],
    ['a list without end', good.replace('"changes":[', '"changes":[[')],
    ['depth', good.replace('"details":{', `"details":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},`)],
    ['a member escaped out of order', good.replace('"details":{', '"details":{"é":1,"\\n":1,')],
  ])('with %s are not canonical', async (_, entry) => {
    expect(entry).not.toBe(good);
    const fault = await faultOf(sealed(entry));
    expect(fault.row).toBe(0);
    expect(fault.message).toContain('it is not canonical JSON');
  });

  it('that are not UTF-8 are refused', async () => {
    const [before, after] = Buffer.from(good).toString('latin1').split('N\u00c2\u00b0');
    const entry = Buffer.from(`${before}N\u00c0\u0080${after}`, 'latin1');
    const line = [Buffer.from('{"entry":'), entry, Buffer.from(`,"hash":"${leafHash(entry).toString('hex')}"}\n`)];
    const bytes = Buffer.concat([Buffer.from(`${headerLine(1, [server.vkey])}\n`), ...line]);
    expect((await faultOf(chunked(bytes))).message).toContain('it is not UTF-8');
  });

  it('with a list in place of the number are refused', async () => {
    const entry = good.replace('"seq":0', '"seq":[0]');
    expect((await faultOf(sealed(entry))).row).toBe(0);
  });

  it('of any content are sound, and none is with a byte changed', async () => {
    const details = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false }), {
      maxKeys: 8,
    });
    const whole = (value: unknown): any =>
      typeof value === 'number'
        ? Math.trunc(value % 1e9) + 0
        : Array.isArray(value)
          ? value.map(whole)
          : value && typeof value === 'object'
            ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, whole(one)]))
            : value;
    await fc.assert(
      fc.asyncProperty(details, fc.nat(), async (content, place) => {
        const entry = canonical(entryOf(0, { details: whole(content) }));
        await expect(verify(sealed(entry))).resolves.toMatchObject({ rows: 1 });
        const bytes = Buffer.from(entry);
        bytes[place % bytes.length]! ^= 1;
        const spoilt = Buffer.concat([
          Buffer.from(`${headerLine(1, [server.vkey])}\n{"entry":`),
          bytes,
          Buffer.from(`,"hash":"${hashOf(entry)}"}\n`),
        ]);
        expect((await faultOf(chunked(spoilt))).row).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('may hold the largest whole numbers, and names in the order of UTF-16', async () => {
    const names = { '': 0, A: 0, a: 0, aa: 0, 'a"': 0, 'a!': 0, é: 0, '\n': 0, '😀': 0, '\ufb33': 0, 10: 0, 9: 0 };
    const entry = canonical(entryOf(0, { details: { ...names, deep: [2 ** 53 - 1, 1 - 2 ** 53] } }));
    await expect(verify(sealed(entry))).resolves.toMatchObject({ rows: 1 });
  });

  it('may hold text that looks like the rest of a line', async () => {
    const trap = `","hash":"${'0'.repeat(64)}"},"openings":{}}\n{"end":{"size":1}}`;
    const entry = canonical(entryOf(0, { details: { [trap]: trap } }));
    await expect(verify(sealed(entry))).resolves.toMatchObject({ rows: 1 });
  });
});

describe('openings', () => {
  const [caller, opening] = commit('{"address":"192.0.2.1","userAgent":"\\"Mozilla\\" \\u001b é"}');
  const [name, nameOpening] = commit('{"name":"Ada"}');
  const changes = [{ type: 'person', id: uuid(3), op: 'update', before: {}, after: {}, personal: name }];
  const entry = canonical(entryOf(0, { personal: caller, changes }));
  const openings = { [caller]: opening, [name]: nameOpening };
  const log = (row: string) => exportOf(server, [row]);

  it('are checked, and may be missing', async () => {
    await expect(verify(log(rowLine(entry, undefined, openings)))).resolves.toMatchObject({ openings: 2 });
    await expect(verify(log(rowLine(entry, undefined, { [name]: nameOpening })))).resolves.toMatchObject({
      openings: 1,
    });
    await expect(verify(log(rowLine(entry, undefined, {})))).resolves.toMatchObject({ openings: 0 });
    await expect(verify(log(rowLine(entry)))).resolves.toMatchObject({ openings: 0 });
  });

  const [stranger, strangerOpening] = commit('{"name":"Eve"}');
  it.each([
    ['another value', { [name]: { ...nameOpening, value: '{"name":"Eve"}' } }, 'has a false opening'],
    ['another nonce', { [name]: { ...nameOpening, nonce: opening.nonce } }, 'has a false opening'],
    ['a short nonce', { [name]: { ...nameOpening, nonce: 'AAAA' } }, 'has a false opening'],
    ['those of another commitment', { [name]: opening }, 'has a false opening'],
    ['a commitment that the row does not have', { [stranger]: strangerOpening }, 'has an opening of another row'],
    ['a member more', { [name]: { ...nameOpening, more: '' } }, 'has openings that cannot be read'],
  ])('with %s are found', async (_, spoilt, why) => {
    const fault = await faultOf(log(rowLine(entry, undefined, spoilt)));
    expect(fault.row).toBe(0);
    expect(fault.message).toContain(why);
  });

  it('with anything behind them are refused', async () => {
    const row = rowLine(entry, undefined, openings);
    for (const spoilt of [`${row}}`, row.slice(0, -1), `${row.slice(0, -1)},"more":1}`]) {
      expect((await faultOf(log(spoilt))).row).toBe(0);
    }
  });
});

describe('the tree', () => {
  it('has the roots of the recursion in RFC 6962', () => {
    const tree = new MerkleTree();
    const leaves: Buffer[] = [];
    for (let size = 0; size <= 130; size += 1) {
      expect(tree.root()).toBe(treeHash(leaves).toString('hex'));
      leaves.push(leafHash(`leaf ${size}`));
      tree.append(leaves[size]!.toString('hex'));
      expect(tree.size).toBe(size + 1);
    }
  });

  it('has the roots that certificate transparency publishes', () => {
    const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const tree = new MerkleTree();
    expect(tree.root()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const one of data) tree.append(leafHash(Buffer.from(one, 'hex')).toString('hex'));
    expect(tree.root()).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });
});

describe('what is printed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringfence-verify-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const program = (...args: string[]) =>
    spawnSync(process.execPath, ['src/audit-verifier/ringfence-audit-verify.mjs', ...args], { encoding: 'utf8' });
  const cli = async (...args: string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const terminal = {
      env: {},
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
    };
    return {
      code: await runCli(['audit', 'verify', ...args], COMMANDS, terminal),
      out: out.join('\n'),
      err: err.join('\n'),
    };
  };

  it('is a summary, by the one file as by the command', async () => {
    const file = put('sound.ndjson', textOf(SOUND));
    const kept = put('kept.txt', noteOf(server, HASHES.slice(0, 7)));
    const other = put('other.txt', noteOf(server, HASHES));
    const args = ['--checkpoint', kept, '--checkpoint', other, '--key', server.vkey];
    const { status, stdout, stderr } = program(file, ...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/rows +20 /);
    expect(stdout).toMatch(/checkpoints +4, and 2 of yours/);
    expect(stdout).not.toContain('Note');
    const said = await cli(file, '--checkpoint', `${kept},${other}`, '--key', server.vkey);
    const timeless = (text: string): string => text.replace(/\(.* rows\/s\)/, '').trim();
    expect({ code: said.code, out: timeless(said.out) }).toEqual({ code: 0, out: timeless(stdout) });
    expect((await cli(file)).out).toContain("keys are the export's own; pin with --key");
  });

  it('is one sentence for a fault, and says what cannot be used', async () => {
    const spoilt = put('spoilt.ndjson', textOf(changed(lineOf(12), (line) => line.replace('"2.50"', '"9.50"'))));
    const { status, stdout, stderr } = program(spoilt);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Row 12 \([^\n]*\n$/);
    expect(await cli(spoilt)).toEqual({ code: 1, out: '', err: stderr.trim() });
    expect((await cli(join(folder, 'none'))).code).toBe(2);
    expect((await cli(folder)).code).toBe(2);
    expect((await cli(put('hello', 'hello\n'))).code).toBe(2);
    const sound = put('again.ndjson', textOf(SOUND));
    expect((await cli(sound, '--key', 'nonsense')).code).toBe(2);
    expect((await cli(sound, '--checkpoint', put('no-note', 'x'))).code).toBe(2);
    expect(program().status).toBe(2);
  });

  it('never holds what an export would have a terminal do', async () => {
    const hostile = '\u001b[2J\u0007\u0085\u202e\u2066\u200b\u2028\ud800x';
    const tainted = canonical(entryOf(0, { action: hostile.replace('\ud800', ''), at: hostile.replace('\ud800', '') }));
    const lines = exportOf(server, [rowLine(tainted)]);
    const files = [
      textOf(lines),
      textOf(changed(1, () => rowLine(tainted, '0'.repeat(64)), lines)),
      textOf([headerLine(1, [], { format: hostile })]),
      textOf([headerLine(1, [hostile])]),
      textOf(changed(2, () => checkpointLine(noteOf(server, [], { tenant: '\u202e\u0007' })), lines)),
    ];
    const said = await Promise.all(files.map((text, index) => cli(put(`hostile-${index}`, text))));
    const allowed = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;
    for (const { out, err } of said) for (const line of `${out}\n${err}`.split('\n')) expect(line).toMatch(allowed);
    expect(said.map(({ code }) => code)).toEqual([0, 1, 2, 2, 1]);
    expect(inert(hostile)).toBe('\\u{1b}[2J\\u{7}\\u{85}\\u{202e}\\u{2066}\\u{200b}\\u{2028}\\u{d800}x');
  });
});
