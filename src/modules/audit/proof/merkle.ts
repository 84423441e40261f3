import { hash } from 'node:crypto';

/*
 * The hash tree of RFC 6962 section 2.1 and RFC 9162 section 2.1, over SHA-256. A perfect subtree (2^level leaves, all
 * there) never changes again, so its node can be stored; every other hash is folded from at most log2(size) of those.
 */

/** A perfect subtree: it has 2^level leaves (level 0 is a leaf), `index` counts those of its level from the left. */
export interface NodeId {
  level: number;
  index: number;
}

export interface TreeNode extends NodeId {
  hash: Buffer;
}

/** Reads nodes of perfect subtrees, in the order asked for. A proof calls it once at most. */
export type ReadNodes = (nodes: NodeId[]) => Promise<readonly Buffer[]>;

const HASH_BYTES = 32;
const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = Buffer.of(0x01);

const sha256 = (...parts: Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

export const leafHash = (entry: Uint8Array): Buffer => sha256(LEAF_PREFIX, entry);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE_PREFIX, left, right);
export const EMPTY_ROOT: Buffer = sha256();

// sizes go beyond 32 bits, where JavaScript's bit operators end
const odd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);
const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES;

/** The root over the roots of perfect subtrees that stand side by side, largest first. */
const fold = (peaks: readonly Buffer[]): Buffer =>
  peaks.length ? peaks.reduceRight((right, left) => nodeHash(left, right)) : EMPTY_ROOT;

/** The right edge of a tree: all that is needed to append to it. */
export class Frontier {
  private readonly stack: Buffer[];

  /**
   * @param count leaves so far
   * @param peaks roots of the perfect subtrees that they form, largest first: one for each bit that is set in `count`
   * @throws RangeError when the two do not fit
   */
  constructor(
    private count = 0,
    peaks: readonly Buffer[] = [],
  ) {
    if (!isCount(count)) throw new RangeError(`a tree cannot have ${count} leaves`);
    if (peaks.length !== perfectSubtrees(0, count).length || !peaks.every(isHash))
      throw new RangeError(`${peaks.length} peaks do not make a tree of ${count} leaves`);
    this.stack = [...peaks];
  }

  get size(): number {
    return this.count;
  }

  /** @returns the interior nodes that the leaf completes, from the bottom up @throws RangeError for what is no hash */
  append(leaf: Buffer): TreeNode[] {
    if (!isHash(leaf)) throw new RangeError('a leaf hash has 32 bytes');
    const completed: TreeNode[] = [];
    let hash = leaf;
    for (let level = 1, place = this.count; odd(place); level++) {
      place = half(place);
      hash = nodeHash(this.stack.pop() as Buffer, hash);
      completed.push({ level, index: place, hash });
    }
    this.stack.push(hash);
    this.count++;
    return completed;
  }

  root(): Buffer {
    return fold(this.stack);
  }
}

/**
 * The audit path of leaf `seq` in the tree of the first `size` leaves, from the leaf up (RFC 9162 section 2.1.3.1).
 * @throws RangeError when there is no such leaf
 */
export async function inclusionProof(seq: number, size: number, read: ReadNodes): Promise<Buffer[]> {
  if (!isCount(seq) || !isCount(size) || seq >= size) throw new RangeError(`no leaf ${seq} in a tree of ${size}`);
  const siblings: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (seq < middle) {
      siblings.unshift([middle, end]);
      end = middle;
    } else {
      siblings.unshift([start, middle]);
      start = middle;
    }
  }
  return hashesOf(siblings, read);
}

/**
 * That the tree of `to` leaves begins with the tree of `from` leaves (RFC 9162 section 2.1.4.1). Empty when `from` is 0
 * or equal to `to`. @throws RangeError when `from` is beyond `to`
 */
export async function consistencyProof(from: number, to: number, read: ReadNodes): Promise<Buffer[]> {
  if (!isCount(from) || !isCount(to) || from > to) throw new RangeError(`no consistency from ${from} to ${to} leaves`);
  if (from === 0) return [];
  const parts: Range[] = [];
  let [start, end] = [0, to];
  while (from < end) {
    const middle = start + largestPowerBelow(end - start);
    if (from <= middle) {
      parts.unshift([middle, end]);
      end = middle;
    } else {
      parts.unshift([start, middle]);
      start = middle;
    }
  }
  if (start > 0) parts.unshift([start, end]); // else it is the old root, which the reader has
  return hashesOf(parts, read);
}

/** Leaves from the first number up to, not with, the second. */
type Range = [start: number, end: number];

/** The root of each range, with one call of `read` for all of them. */
async function hashesOf(ranges: Range[], read: ReadNodes): Promise<Buffer[]> {
  const wanted = ranges.map(([start, end]) => perfectSubtrees(start, end));
  const nodes = wanted.flat();
  const hashes = nodes.length ? await read(nodes) : [];
  if (hashes.length !== nodes.length || !hashes.every(isHash))
    throw new Error(`${nodes.length} nodes of the tree were asked for, ${hashes.filter(isHash).length} were read`);
  let next = 0;
  return wanted.map(({ length }) => fold(hashes.slice(next, (next += length))));
}

/** What a range splits into, largest first. It must start where a subtree of its size may start. */
function perfectSubtrees(start: number, end: number): NodeId[] {
  const nodes: NodeId[] = [];
  for (let level = 0, rest = end - start; rest > 0; level++, rest = half(rest))
    if (odd(rest)) nodes.unshift({ level, index: start / 2 ** level + rest - 1 });
  return nodes;
}

function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
