#!/usr/bin/env node
// @ts-check
/**
 * Checks the export of an audit log offline: `node ringfence-audit-verify.mjs <export.ndjson>`; `--help` says the rest.
 *
 * One file for Node 18.3 and later, without dependencies, written from docs/audit-format.md alone: it shares no code with
 * the server whose word it checks. It reads the export as a stream and keeps nothing of it, and names the first row that
 * does not fit. Standards: RFC 6962 section 2.1 (tree), RFC 8785 (canonical JSON), RFC 8032 (Ed25519), C2SP tlog-checkpoint
 * and signed-note.
 */
import * as crypto from 'node:crypto';
import { createReadStream, readFileSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FORMAT = 'ringfence-audit-1';
const RETENTION = 'audit.retention_applied';
const LONGEST_LINE = 64 * 1024 * 1024; // bytes; a member who leaves hands over all that they own in one entry
const DEEPEST = 200; // objects and lists within one another in an entry
/** The members of an entry, in their order. */
const MEMBERS =
  'action actorId actorType at changes code count details id outcome personal requestId seq sessionId targetId targetType tenantId v'.split(
    ' ',
  );

// --- Refusals, and text that is safe to print ------------------------------------------------------------------------

/** Text of an export may hold a terminal's commands, or turn the reading direction: such characters are spelled out. */
export const inert = (/** @type {string} */ text) =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
const short = (/** @type {unknown} */ text) => inert(String(text).slice(0, 120));
const n = (/** @type {number} */ number) => number.toLocaleString('en-US');

/** The export is not what was sealed. `row` is the first row that does not fit, or the first of those that may not. */
export class AuditFault extends Error {
  /** @override */
  name = 'AuditFault';
  exitCode = /** @type {const} */ (1);
  constructor(/** @type {string} */ message, /** @type {number | undefined} */ row = undefined) {
    super(inert(message));
    this.row = row;
  }
}

/** There is nothing to check, or nothing to check it with: no export, no verifier key, no checkpoint. */
export class UnusableInput extends Error {
  /** @override */
  name = 'UnusableInput';
  exitCode = /** @type {const} */ (2);
  constructor(/** @type {string} */ message) {
    super(inert(message));
  }
}

// --- Hashes and the tree (RFC 6962 section 2.1); a hash is lower-case hex ----------------------------------------------

/** @type {(data: string | Uint8Array) => string} */
const sha256 =
  typeof crypto.hash === 'function' // Node 20.12 and later: twice as fast
    ? (data) => crypto.hash('sha256', data, 'hex')
    : (data) => crypto.createHash('sha256').update(data).digest('hex');

const pair = Buffer.alloc(65, 1);
const nodeHash = (/** @type {string} */ left, /** @type {string} */ right) => {
  pair.write(left, 1, 'hex');
  pair.write(right, 33, 'hex');
  return sha256(pair);
};

/** The tree over leaf hashes that come one by one. It keeps only the roots of its full subtrees, log2(size) of them. */
export class MerkleTree {
  size = 0;
  /** @type {string[]} largest first */
  #full = [];

  append(/** @type {string} */ leafHash) {
    let hash = leafHash;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(this.#full.pop() ?? '', hash);
    this.#full.push(hash);
    this.size += 1;
  }

  root() {
    return this.size === 0 ? sha256('') : this.#full.reduceRight((right, left) => nodeHash(left, right));
  }
}

// --- Canonical JSON (RFC 8785), checked on the bytes where they stand --------------------------------------------------

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const codes = (/** @type {string} */ text) => [...Buffer.from(text)];
const LEADS = MEMBERS.map((name, index) => codes(`${index === 0 ? '{' : ','}"${name}":`));
const [SEQ, TENANT] = [MEMBERS.indexOf('seq'), MEMBERS.indexOf('tenantId')];
const [NULL, TRUE, FALSE] = ['null', 'true', 'false'].map(codes);
const [QUOTE, COMMA, COLON, MINUS, BACKSLASH, OPEN_LIST, OPEN, CLOSE] = codes('",:-\\[{}');
const SHORT_ESCAPES = codes('"\\bfnrt');
const LONG_ESCAPE = /^00(?:0[0-7bef]|1[0-9a-f])$/; // of the control characters that have no short one

/** A loop is faster than a copy as short as these. */
function startsWith(/** @type {Buffer} */ bytes, /** @type {number} */ at, /** @type {number[]} */ expected) {
  for (let index = 0; index < expected.length; index += 1) if (bytes[at + index] !== expected[index]) return false;
  return true;
}

class NotCanonical extends Error {}

/**
 * Walks an entry, and so finds where it ends, whatever its texts say. Only the one canonical spelling passes: a member
 * that is there twice, out of order or escaped without need does not. The line break behind the line stops every loop.
 */
class EntryReader {
  at = 0;
  number = NaN; // the value last read, if it was one
  seq = NaN;
  /** @type {Buffer} */
  #bytes = Buffer.alloc(0);
  #seen = 0; // all bytes of texts, or-ed: is any beyond ASCII?
  /** @type {number[]} where the values of MEMBERS begin and end */
  #values = [];

  /** @returns where the entry ends @throws {NotCanonical} */
  read(/** @type {Buffer} */ bytes, /** @type {number} */ start) {
    [this.#bytes, this.at, this.#seen] = [bytes, start, 0];
    for (let index = 0; index < LEADS.length; index += 1) {
      this.expect(LEADS[index]);
      this.#values[2 * index] = this.at;
      this.#value(1);
      this.#values[2 * index + 1] = this.at;
      if (index === SEQ) this.seq = this.number;
    }
    if (bytes[this.at++] !== CLOSE) this.#fail('it does not end where it should');
    if (this.#seen >= 0x80) this.#text(start, this.at);
    return this.at;
  }

  /** A member's value as it is spelled, without quotes. */
  valueOf(/** @type {string} */ name) {
    const index = 2 * MEMBERS.indexOf(name);
    return this.#bytes.toString('latin1', this.#values[index], this.#values[index + 1]).replace(/^"|"$/g, '');
  }

  /** Steps over these bytes, if they are next. */
  take(/** @type {number[]} */ expected) {
    if (!startsWith(this.#bytes, this.at, expected)) return false;
    this.at += expected.length;
    return true;
  }

  expect(/** @type {number[]} */ expected) {
    if (!this.take(expected)) this.#fail(`${String.fromCharCode(...expected)} was expected`);
  }

  isOf(/** @type {number[]} the tenant's id in its quotes */ tenant) {
    return startsWith(this.#bytes, this.#values[2 * TENANT], tenant);
  }

  #value(/** @type {number} */ depth) {
    const first = this.#bytes[this.at];
    this.number = NaN;
    if (first === QUOTE) this.#string();
    else if (first === OPEN || first === OPEN_LIST) {
      this.#group(depth, first);
      this.number = NaN;
    } else if (first === MINUS || (first >= 0x30 && first <= 0x39)) this.#number();
    else if (!this.take(NULL) && !this.take(TRUE) && !this.take(FALSE)) this.#fail('a value was expected');
  }

  #group(/** @type {number} */ depth, /** @type {number} */ open) {
    if (depth > DEEPEST) this.#fail('it is nested too deeply');
    if (this.#bytes[++this.at] === open + 2) return void this.at++; // in ASCII, { and }, [ and ] are two apart
    for (let last = -1, allPlain = true; ;) {
      if (open === OPEN) {
        const start = this.at;
        allPlain = this.#string() && allPlain;
        if (last !== -1 && !this.#isBefore(last, start, allPlain))
          this.#fail('members are out of order, or one is there twice');
        if (this.#bytes[this.at++] !== COLON) this.#fail('a colon was expected');
        last = start;
      }
      this.#value(depth + 1);
      const next = this.#bytes[this.at++];
      if (next === open + 2) return;
      if (next !== COMMA) this.#fail('a comma or an end was expected');
    }
  }

  /** Names are in the order of their UTF-16 code units (RFC 8785 section 3.2.3): the bytes' order where both are plain. */
  #isBefore(/** @type {number} */ left, /** @type {number} */ right, /** @type {boolean} */ plain) {
    if (!plain) return this.#nameAt(left) < this.#nameAt(right);
    const bytes = this.#bytes;
    let index = 1;
    while (bytes[left + index] === bytes[right + index] && bytes[left + index] !== QUOTE) index += 1;
    const [a, b] = [bytes[left + index], bytes[right + index]];
    return b !== QUOTE && (a === QUOTE || a < b);
  }

  #nameAt(/** @type {number} */ start) {
    const { at } = this;
    this.at = start;
    const name = this.string();
    this.at = at;
    return name;
  }

  /** @returns {string} the text that is next @throws {NotCanonical} */
  string() {
    const start = this.at;
    const plain = this.#string();
    return plain ? this.#bytes.toString('latin1', start + 1, this.at - 1) : JSON.parse(this.#text(start, this.at));
  }

  /** @returns whether it is ASCII without escapes */
  #string() {
    const bytes = this.#bytes;
    if (bytes[this.at] !== QUOTE) this.#fail('a text was expected');
    let [at, seen, plain] = [this.at + 1, 0, true];
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (byte < 0x20) this.#fail('a text has a control character, or does not end');
      seen |= byte;
      if (byte !== BACKSLASH) continue;
      plain = false;
      const long = bytes[++at] === 0x75;
      if (long ? !LONG_ESCAPE.test(bytes.toString('latin1', at + 1, at + 5)) : !SHORT_ESCAPES.includes(bytes[at]))
        this.#fail('a text has an escape without need');
      if (long) at += 4;
    }
    this.#seen |= seen;
    this.at = at + 1;
    return plain && seen < 0x80;
  }

  #number() {
    const bytes = this.#bytes;
    const negative = bytes[this.at] === MINUS;
    const start = (this.at += negative ? 1 : 0);
    let value = 0;
    for (; bytes[this.at] >= 0x30 && bytes[this.at] <= 0x39; this.at += 1) value = value * 10 + (bytes[this.at] - 0x30);
    const length = this.at - start;
    const spelledOtherwise = length === 0 || (bytes[start] === 0x30 && (length > 1 || negative));
    if (spelledOtherwise || !Number.isSafeInteger(value)) this.#fail('a number is not a whole one below 2^53');
    this.number = negative ? -value : value;
  }

  #text(/** @type {number} */ start, /** @type {number} */ end) {
    try {
      return utf8.decode(this.#bytes.subarray(start, end));
    } catch {
      return this.#fail('it is not UTF-8');
    }
  }

  /** @returns {never} */
  #fail(/** @type {string} */ why) {
    throw new NotCanonical(why);
  }
}

/** @returns {any} the object of a line; undefined unless this is its one spelling: no blanks, nothing twice, sound UTF-8 */
function parseExactly(/** @type {Uint8Array} */ bytes) {
  try {
    const text = utf8.decode(bytes);
    const value = JSON.parse(text);
    return typeof value === 'object' && JSON.stringify(value) === text ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

const hasMembers = (/** @type {any} */ value, /** @type {string} */ names) =>
  typeof value === 'object' && Object.keys(value ?? {}).join(' ') === names;

// --- Keys and checkpoints (C2SP signed-note, tlog-checkpoint) ----------------------------------------------------------

/** @returns the bytes of base64, if there are so many and this is its one spelling */
function base64(/** @type {string} */ text, /** @type {number} */ length) {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length && bytes.toString('base64') === text ? bytes : undefined;
}

/** @typedef {{ name: string, id: string, text: string, key: crypto.KeyObject }} VerifierKey */
/** @returns {VerifierKey} @throws {UnusableInput} */
function parseKey(/** @type {unknown} */ text) {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(String(text)) ?? [];
  const bytes = base64(encoded, 33);
  if (bytes?.[0] !== 1 || !sha256(Buffer.concat([Buffer.from(`${name}\n`), bytes])).startsWith(id))
    throw new UnusableInput(`This is no verifier key for Ed25519: ${short(text)}`);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') };
  return { name, id, text: String(text), key: crypto.createPublicKey({ key: jwk, format: 'jwk' }) };
}

const NOTE =
  /^(\S+)\n(0|[1-9]\d{0,15})\n([\w+/]{43}=)\nat (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\nepoch (0|[1-9]\d{0,15})\n\n((?:— [^\s+]+ [\w+/]+={0,2}\n){1,16})$/;

/** @typedef {{ origin: string, size: number, root: string, at: string, epoch: number, body: Buffer, signed: string[][] }} Note */
/** @returns {Note | undefined} */
function parseNote(/** @type {string} */ text) {
  const [, origin, size, root, at, epoch, signatures] = NOTE.exec(text) ?? [];
  const hash = base64(root ?? '', 32)?.toString('hex');
  if (!hash || !Number.isSafeInteger(Number(size)) || !Number.isSafeInteger(Number(epoch))) return undefined;
  const body = Buffer.from(text.slice(0, -signatures.length - 1));
  const signed = signatures.trimEnd().split('\n');
  const numbers = { size: Number(size), epoch: Number(epoch) };
  return { origin, ...numbers, root: hash, at, body, signed: signed.map((line) => line.split(' ').slice(1)) };
}

/** @returns those of the keys that signed it; none, where a signature in the name of one of them is false */
function signersOf(/** @type {Note} */ note, /** @type {VerifierKey[]} */ keys) {
  const signers = [];
  for (const [name, encoded] of note.signed) {
    const bytes = base64(encoded, 68);
    const key = keys.find((one) => one.name === name && one.id === bytes?.toString('hex', 0, 4));
    if (!key || !bytes || !note.origin.startsWith(`${name}/audit/`)) continue;
    if (!crypto.verify(null, note.body, key.key, bytes.subarray(4))) return [];
    signers.push(key);
  }
  return signers;
}

// --- The export, line by line -----------------------------------------------------------------------------------------

const PARTS = {
  ...{ entry: codes('{"entry":'), hash: codes(',"hash":"'), openings: codes(',"openings":') },
  ...{ nonce: codes(':{"nonce":'), value: codes(',"value":') },
  ...{ open: codes('{'), comma: codes(','), close: codes('}') },
};

class Verification {
  rows = 0;
  pruned = 0;
  excused = 0; // rows that the log itself says retention removed
  openings = 0;
  checkpoints = 0;
  firstAt = '';
  lastAt = '';
  header = { tenantId: '', exportedAt: '', size: -1 };
  /** @type {Set<string>} verifier keys whose signatures held */
  used = new Set();
  tree = new MerkleTree();
  #reader = new EntryReader();
  /** @type {number[]} */
  #tenant = [];
  /** @type {VerifierKey[]} */
  #keys = [];
  #last = { size: 0, epoch: 0 }; // the last good checkpoint of the export
  #oddPruned = false;
  #retainedFrom = ''; // everything older, say the entries, retention removed
  #earliest = { at: '', row: -1 }; // of the rows that are kept
  #latest = { at: '', row: -1 };
  #prunedBehind = { at: '', row: -1 }; // the youngest row that is kept in front of a pruned one
  #suspect = -1; // the pruned row to name first: one behind a row that is kept, else the first
  #lastKept = 0; // size of the last good one of the caller's
  #ended = false;
  #lines = 0;
  /** @type {Buffer} the line: from start to its line break, which stands at end */
  #bytes = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** @param {Note[]} kept checkpoints of the caller's, by size @param {VerifierKey[]} pinned */
  constructor(kept, pinned) {
    this.kept = kept;
    this.pinned = pinned;
  }

  line(/** @type {Buffer} */ bytes, /** @type {number} */ start, /** @type {number} */ end) {
    [this.#bytes, this.#start, this.#end] = [bytes, start, end];
    if (this.#lines++ === 0) return this.#readHeader();
    if (this.#ended) throw this.#fault('Something follows the end');
    if (bytes[end - 1] === 0x0d)
      throw this.#fault('A line ends with CR LF: the file was changed on its way', this.rows);
    if (startsWith(bytes, start, PARTS.entry)) return this.#readEntry(start + PARTS.entry.length);
    const { pruned, checkpoint, end: last, ...more } = parseExactly(bytes.subarray(start, end)) ?? {};
    const values = [pruned, checkpoint, last].filter((value) => value !== undefined);
    if (values.length !== 1 || Object.keys(more).length > 0)
      throw this.#fault('A line is none that an export has', this.rows);
    if (pruned) this.#readPruned(pruned);
    else if (checkpoint) this.#readCheckpoint(checkpoint);
    else this.#readEnd(last);
  }

  /** What must be so once there are no more lines. */
  finish(/** @type {number} */ left) {
    if (this.#lines === 0) throw new UnusableInput('This is no export of an audit log: it holds no line.');
    if (left > 0 && this.#ended) throw this.#fault('Something follows the end');
    if (!this.#ended)
      throw this.#fault(`The file was cut: ${n(this.header.size)} rows and an end were announced`, this.rows);
  }

  tooLong() {
    const what = `A line is longer than ${n(LONGEST_LINE)} bytes`;
    return this.#lines === 0 ? new UnusableInput(`This is no export: ${what}.`) : this.#fault(what, this.rows);
  }

  #readHeader() {
    const header = parseExactly(this.#bytes.subarray(this.#start, this.#end))?.header;
    if (typeof header?.format !== 'string')
      throw new UnusableInput('This is no export of an audit log: it does not begin with a header.');
    if (header.format !== FORMAT) throw new UnusableInput(`Its form is ${short(header.format)}, and not ${FORMAT}.`);
    const { tenantId, exportedAt, size, keys } = header;
    const both = typeof exportedAt === 'string' && typeof tenantId === 'string';
    const texts = both && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenantId);
    const rest =
      Number.isSafeInteger(size) && size >= 0 && Array.isArray(keys) && keys.every((key) => typeof key === 'string');
    if (!texts || !rest || !hasMembers(header, 'format tenantId exportedAt size keys'))
      throw new UnusableInput(`The header is not as ${FORMAT} has it.`);
    this.header = { tenantId, exportedAt, size };
    this.#tenant = codes(`"${tenantId}"`);
    this.#keys = keys.map(parseKey);
    for (const note of this.kept) this.#checkKept(note);
  }

  #checkKept(/** @type {Note} */ note) {
    const { tenantId, size } = this.header;
    const yours = `our checkpoint of ${n(note.size)} rows (${note.at})`;
    if (!note.origin.endsWith(`/audit/${tenantId}`))
      throw new AuditFault(`Y${yours} is of ${short(note.origin)}, and the export is of ${tenantId}.`);
    const signers = signersOf(note, this.pinned.length > 0 ? this.pinned : this.#keys);
    const whose = this.pinned.length > 0 ? 'a key that you gave' : 'a key of the export';
    if (signers.length === 0) throw new AuditFault(`Y${yours} has no good signature by ${whose}.`);
    const cut = `The log was cut, or rolled back with its checkpoints: y${yours} goes beyond the export's ${n(size)}`;
    if (note.size > size) throw new AuditFault(`${cut}; row ${n(size)} is the first that is missing.`, size);
    for (const { text } of signers) this.used.add(text);
  }

  /** Before the next row: the export's own checkpoint of this size has spoken, and may have named fewer rows. */
  #settleKept() {
    for (const note of this.kept) {
      if (note.size !== this.rows) continue;
      if (note.root !== this.tree.root()) {
        const what = `not what your checkpoint of ${n(note.size)} rows (${note.at}) was made of`;
        throw this.#fault(`Log and checkpoints were rewritten: ${this.#since(this.#lastKept)} ${what}`, this.#lastKept);
      }
      this.#lastKept = note.size;
    }
  }

  #readEntry(/** @type {number} */ from) {
    this.#beforeRow();
    const [bytes, reader, end] = [this.#bytes, this.#reader, this.#end];
    let until;
    try {
      until = reader.read(bytes, from);
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      throw this.#row(`was changed: it is not canonical JSON (${error.message}, byte ${n(reader.at - from)})`);
    }
    bytes[from - 1] = 0; // a leaf's prefix, put where the colon stands: saves a copy
    const hash = sha256(bytes.subarray(from - 1, until));
    bytes[from - 1] = COLON;
    const stored = reader.take(PARTS.hash) ? bytes.toString('latin1', reader.at, reader.at + 64) : '';
    if (bytes[reader.at + 64] !== QUOTE) throw this.#row('has no hash behind it');
    if (stored !== hash) throw this.#row('was changed: its hash is not the one that was stored with it');
    reader.at += 65;
    if (reader.seq !== this.rows) throw this.#misplaced(reader.seq);
    if (!reader.isOf(this.#tenant)) throw this.#row('is of another log');
    if (reader.number !== 1) throw this.#row('is of a version that this program does not know');
    if (reader.take(PARTS.openings)) this.#checkOpenings(bytes.subarray(from, until));
    if (bytes[reader.at] !== CLOSE || reader.at + 1 !== end) throw this.#row('has something behind it');
    this.#keep(reader.valueOf('at'));
    if (reader.valueOf('action') === RETENTION) this.#excuse(bytes.toString('utf8', from, until));
    this.#append(hash);
  }

  /** What stands in the clear beside a row must be what the row commits to. */
  #checkOpenings(/** @type {Buffer} */ entry) {
    for (const { commitment, nonce, value } of this.#openings()) {
      const secret = base64(nonce, 32);
      if (!secret || sha256(Buffer.concat([secret, Buffer.from(value)])) !== commitment)
        throw this.#row(`has a false opening: it does not fit the commitment ${short(commitment)}`);
      const committed = this.#reader.valueOf('personal') === commitment; // of the caller, as most are
      // a quote within a text is escaped, so these bytes can only be a member
      if (!committed && !entry.includes(`"personal":"${commitment}"`, 0, 'latin1'))
        throw this.#row(`has an opening of another row: ${short(commitment)}`);
      this.openings += 1;
    }
  }

  #openings() {
    const openings = [];
    const reader = this.#reader;
    try {
      reader.expect(PARTS.open);
      while (!reader.take(PARTS.close)) {
        if (openings.length > 0) reader.expect(PARTS.comma);
        const commitment = reader.string();
        reader.expect(PARTS.nonce);
        const nonce = reader.string();
        reader.expect(PARTS.value);
        openings.push({ commitment, nonce, value: reader.string() });
        reader.expect(PARTS.close);
      }
      return openings;
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      throw this.#row(`has openings that cannot be read (${error.message})`);
    }
  }

  #readPruned(/** @type {any} */ pruned) {
    this.#beforeRow();
    if (!hasMembers(pruned, 'seq hash') || typeof pruned.hash !== 'string' || !/^[0-9a-f]{64}$/.test(pruned.hash))
      throw this.#row('is pruned, but without number and hash');
    if (pruned.seq !== this.rows) throw this.#misplaced(Number.isSafeInteger(pruned.seq) ? pruned.seq : -1);
    if (this.pruned === 0 || (this.firstAt && !this.#oddPruned)) this.#suspect = this.rows;
    this.#oddPruned ||= this.firstAt !== '';
    this.#prunedBehind = this.#latest;
    this.pruned += 1;
    this.#append(pruned.hash);
  }

  /** Times are text of one form, so that their order is that of letters. */
  #keep(/** @type {string} */ at) {
    this.firstAt ||= at;
    if (at > this.#latest.at) this.#latest = { at, row: this.rows };
    if (this.#earliest.at === '' || at < this.#earliest.at) this.#earliest = { at, row: this.rows };
  }

  /** Retention takes whole months, the oldest first: nothing of them is kept, and nothing younger is gone. */
  #settleRetention() {
    const accounts = `${n(this.pruned)} rows have only their hash, and by its entries retention removed ${n(this.excused)}`;
    if (this.pruned !== this.excused)
      throw this.#fault(`Row ${n(this.#suspect)} is missing: ${accounts}`, this.#suspect);
    if (this.pruned === 0) return;
    const until = this.#retainedFrom;
    const { at, row } = this.#earliest;
    if (at !== '' && at < until)
      throw this.#fault(
        `Row ${n(row)} is of ${short(at)}, and retention says to have removed all before ${short(until)}`,
        row,
      );
    // a transaction that began before the end of a month may be numbered behind one of the next: by minutes, not by an hour
    if (this.#prunedBehind.at.slice(0, 13) > until.slice(0, 13))
      throw this.#fault(
        `A row is missing behind row ${n(this.#prunedBehind.row)}, which is younger than all that retention removed`,
        this.#prunedBehind.row + 1,
      );
  }

  /** Whoever runs the installation removes rows, and nobody else; the entry about it is a row of this log. */
  #excuse(/** @type {string} */ text) {
    const { actorType, details } = JSON.parse(text);
    if (!/^(operator|command_line)$/.test(actorType) || !Number.isSafeInteger(details?.rows)) return;
    this.excused += details.rows;
    const { to } = details;
    if (details.rows > 0 && typeof to === 'string' && to > this.#retainedFrom) this.#retainedFrom = to;
  }

  #beforeRow() {
    if (this.kept.length > 0) this.#settleKept();
    if (this.rows >= this.header.size) throw this.#row(`was added: the header announces ${n(this.header.size)} rows`);
  }

  #append(/** @type {string} */ hash) {
    this.tree.append(hash);
    this.rows += 1;
  }

  #readCheckpoint(/** @type {unknown} */ text) {
    const { size: from, epoch } = this.#last;
    const refuse = (/** @type {string} */ why) => this.#fault(`${why}: ${this.#since(from)} not proved`, from);
    const note = typeof text === 'string' ? parseNote(text) : undefined;
    if (!note) throw refuse('A checkpoint cannot be read');
    const which = `The checkpoint of ${n(note.size)} rows`;
    if (!note.origin.endsWith(`/audit/${this.header.tenantId}`)) throw refuse(`${which} is of ${short(note.origin)}`);
    if (note.size !== this.rows) throw refuse(`${which} stands behind ${n(this.rows)}`);
    const signers = signersOf(note, this.#keys).map((key) => key.text);
    if (signers.length === 0) throw refuse(`${which} has no good signature by a key of the header`);
    const trusted = signers.filter((key) => this.pinned.length === 0 || this.pinned.some(({ text }) => text === key));
    if (trusted.length === 0)
      throw refuse(`${which} is signed by ${signers.join()}, which is none of the keys you gave`);
    const differs = `Rows were changed, removed or added: ${this.#since(from)} not what the checkpoint behind was made of`;
    if (note.root !== this.tree.root()) throw this.#fault(differs, from);
    if (note.epoch < epoch) throw refuse(`${which} is of epoch ${note.epoch}, behind one of epoch ${epoch}`);
    for (const key of trusted) this.used.add(key);
    this.checkpoints += 1;
    this.#last = note;
  }

  #readEnd(/** @type {any} */ end) {
    this.#settleKept();
    const { size } = this.header;
    if (this.rows !== size) throw this.#fault(`Rows were cut: ${n(size)} were announced`, this.rows);
    if (!hasMembers(end, 'size') || end.size !== size) throw this.#fault('The end has not the size of the header');
    const { size: from } = this.#last;
    if (from !== size) throw this.#fault(`The last checkpoint is missing: ${this.#since(from)} not proved`, from);
    this.#settleRetention();
    if (this.firstAt) this.lastAt = this.#reader.valueOf('at');
    this.#ended = true;
  }

  /** The rows since a number, as a subject with its verb. */
  #since(/** @type {number} */ from) {
    const last = this.rows - 1;
    if (last < from) return 'no row is'; // a second checkpoint of one size
    return last === from ? `row ${n(from)} is` : `rows ${n(from)} to ${n(last)} are`;
  }

  #misplaced(/** @type {number} */ seq) {
    if (!(seq > this.rows)) return this.#row(`has the number ${n(seq)}: it is a copy, or was moved`);
    const there = `row ${n(seq)} (${this.#name()})`;
    return new AuditFault(`Row ${n(this.rows)} is missing: in its place stands ${there}.`, this.rows);
  }

  #row(/** @type {string} */ what) {
    return new AuditFault(`Row ${n(this.rows)} (${this.#name()}) ${what}.`, this.rows);
  }

  /** What people know a row by, as far as the line still tells. Of the members called id, the entry's own is the last. */
  #name() {
    const line = this.#bytes.toString('utf8', this.#start, this.#end);
    if (line.startsWith('{"pruned":')) return 'pruned';
    const forms = [/^.*[{,]"id":"([^"]*)"/s, /[{,]"action":"([^"]*)"/, /[{,]"at":"([^"]*)"/];
    const [id, action, at] = forms.map((form) => short(form.exec(line)?.[1] ?? 'unreadable'));
    return `id ${id}, action ${action}, at ${at}`;
  }

  #fault(/** @type {string} */ what, /** @type {number | undefined} */ row = undefined) {
    const where = this.rows === 0 ? 'before row 0' : `behind row ${n(this.rows - 1)}`;
    return new AuditFault(`${what} (line ${n(this.#lines)}, ${where}).`, row);
  }
}

/**
 * Calls back with each line where it lies in its chunk; only what reaches over two chunks is copied.
 * @param {AsyncIterable<Uint8Array>} readable
 * @param {Verification} verification
 * @param {(bytes: number) => void} onBytes
 */
async function readLines(readable, verification, onBytes) {
  /** @type {Buffer[]} */
  let begun = [];
  let length = 0; // of what has begun
  for await (const piece of readable) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (length + end - start > LONGEST_LINE) throw verification.tooLong();
      if (length === 0) verification.line(chunk, start, end);
      else verification.line(Buffer.concat([...begun, chunk.subarray(0, end + 1)]), 0, length + end);
      [begun, length, start] = [length === 0 ? begun : [], 0, end + 1];
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) throw verification.tooLong();
    onBytes(chunk.length);
  }
  verification.finish(length);
}

/**
 * Checks an export as it comes.
 * @param {AsyncIterable<Uint8Array>} readable the export's bytes, which are put back as they were but must not be shared
 * @param {{ checkpoints?: string[], keys?: string[], onProgress?: (done: { rows: number, bytes: number }) => void }} [options]
 *   checkpoints: texts of checkpoints that the caller kept; keys: verifier keys that the caller trusts
 * @throws {AuditFault} naming the first row that does not fit @throws {UnusableInput}
 */
export async function verifyAudit(readable, { checkpoints = [], keys = [], onProgress } = {}) {
  const kept = checkpoints.map((text) => {
    const note = parseNote(text);
    if (!note) throw new UnusableInput(`This is no checkpoint: ${short(text)}`);
    return note;
  });
  kept.sort((a, b) => a.size - b.size);
  const verification = new Verification(kept, keys.map(parseKey));
  let bytes = 0;
  await readLines(readable, verification, (more) => onProgress?.({ rows: verification.rows, bytes: (bytes += more) }));
  const { header, rows, pruned, openings, firstAt, lastAt, tree, used } = verification;
  const root = Buffer.from(tree.root(), 'hex').toString('base64');
  const proved = { checkpoints: verification.checkpoints, keptCheckpoints: kept.length, keys: [...used].sort() };
  return { ...header, rows, pruned, openings, firstAt, lastAt, root, ...proved, bytes };
}

// --- On the command line ----------------------------------------------------------------------------------------------

const USAGE = `Usage: node ringfence-audit-verify.mjs <export.ndjson> [--checkpoint file]... [--key verifier-key]... [--quiet]

  <export.ndjson>  the export; - reads it from a pipe
  --checkpoint     a checkpoint that you kept: shows a log that was rolled back together with its own checkpoints
  --key            a verifier key that you know to be the server's; without it, the export's own word is taken
  --quiet          print nothing but faults

Exit code: 0 it is sound, 1 it is not, 2 it could not be checked.`;

/** @typedef {Awaited<ReturnType<typeof verifyAudit>>} Proved */

/**
 * Checks a file, with a progress bar where standard error is a terminal.
 * @param {{ file: string, checkpointFiles?: string[], keys?: string[], quiet?: boolean }} options
 * @returns {Promise<string[]>} what was proved, in lines that are safe to print @throws as verifyAudit
 */
export async function verifyFile({ file, checkpointFiles = [], keys = [], quiet = false }) {
  const started = performance.now();
  const bar = !quiet && process.stderr.isTTY;
  const clear = () => bar && process.stderr.write('\r\x1b[K');
  let shown = started;
  try {
    const checkpoints = checkpointFiles.map((path) => readFileSync(path, 'utf8'));
    const total = file === '-' ? 0 : statSync(file).size;
    const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 18 });
    const onProgress = (/** @type {{ rows: number, bytes: number }} */ { rows, bytes }) => {
      if (!bar || performance.now() - shown < 100) return;
      shown = performance.now();
      process.stderr.write(`\r\x1b[K${progress(rows, bytes, total, (shown - started) / 1000)}`);
    };
    const proved = await verifyAudit(stream, { checkpoints, keys, onProgress });
    return summary(proved, keys.length > 0, (performance.now() - started) / 1000).map(inert);
  } catch (error) {
    const { syscall, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (syscall) throw new UnusableInput(`It cannot be read: ${message}`);
    throw error;
  } finally {
    clear();
  }
}

/** @param {number} rows @param {number} bytes @param {number} total bytes; 0 where nobody knows @param {number} seconds */
function progress(rows, bytes, total, seconds) {
  const done = total > 0 ? Math.min(1, bytes / total) : 0;
  const bar = total > 0 ? `[${'#'.repeat(done * 30).padEnd(30, '.')}] ${Math.floor(done * 100)} %  ` : '';
  const of = total > 0 ? ` of ${n(Math.ceil(total / 1e6))}` : '';
  return `${bar}${n(Math.floor(bytes / 1e6))}${of} MB  ${n(rows)} rows  ${n(Math.round(rows / seconds))} rows/s`;
}

function summary(/** @type {Proved} */ proved, /** @type {boolean} */ pinned, /** @type {number} */ seconds) {
  const { rows, pruned, keptCheckpoints } = proved;
  const pace = `${seconds.toFixed(1)} s, ${n(Math.round(rows / Math.max(seconds, 0.001)))} rows/s`;
  return [
    'The log is sound: every row is as it was sealed, and none is missing.',
    '',
    `  tenant       ${proved.tenantId}`,
    `  rows         ${n(rows)} (${pace})`,
    `  pruned       ${n(pruned)}${pruned > 0 ? ': proved by their hashes alone' : ''}`,
    `  first, last  ${proved.firstAt || '-'}, ${proved.lastAt || '-'}`,
    `  root         ${proved.root}`,
    `  checkpoints  ${n(proved.checkpoints)}, and ${n(keptCheckpoints)} of yours`,
    `  openings     ${n(proved.openings)}`,
    ...proved.keys.map((key) => `  key          ${key}`),
    ...(pinned ? [] : ['', "Note: keys are the export's own; pin with --key."]),
    ...(keptCheckpoints > 0
      ? []
      : ['', 'Note: a log cut or rolled back with its checkpoints shows only with --checkpoint.']),
  ];
}

async function main() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        checkpoint: { type: 'string', multiple: true },
        key: { type: 'string', multiple: true },
        quiet: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) return console.log(USAGE);
    if (positionals.length !== 1) throw new UnusableInput('Name one export.');
    const [file] = positionals;
    const { checkpoint: checkpointFiles, key: keys, quiet } = values;
    const lines = await verifyFile({ file, checkpointFiles, keys, quiet });
    if (!quiet) console.log(lines.join('\n'));
  } catch (error) {
    const ours = error instanceof AuditFault || error instanceof UnusableInput;
    const asked = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    console.error(ours ? error.message : asked ? inert(error.message) : error);
    if (asked || (ours && error.message === 'Name one export.')) console.error(`\n${USAGE}`);
    process.exitCode = ours ? error.exitCode : 2;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
