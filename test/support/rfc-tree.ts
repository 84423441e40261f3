import { hash } from 'node:crypto';
import { Frontier, leafHash, type NodeId } from '../../src/modules/audit/proof/merkle.js';

/*
 * The hash tree as RFC 9162 section 2.1 defines it, by recursion over all leaves: slow, and with nothing to get wrong.
 * For tests to compare the real one with.
 */

const sha256 = (...parts: Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');
const join = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.of(1), left, right);

/** The largest power of two smaller than n. */
const splitOf = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** MTH, of leaf hashes. */
export function rfcRoot(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  const k = splitOf(leaves.length);
  return join(rfcRoot(leaves.slice(0, k)), rfcRoot(leaves.slice(k)));
}

/** Roots of the perfect subtrees that the leaves form, largest first: one for each bit that is set in their number. */
export function rfcPeaks(leaves: Buffer[]): Buffer[] {
  if (leaves.length === 0) return [];
  const size = 2 ** Math.floor(Math.log2(leaves.length));
  return [rfcRoot(leaves.slice(0, size)), ...rfcPeaks(leaves.slice(size))];
}

/** PATH */
export function rfcPath(m: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  return m < k
    ? [...rfcPath(m, leaves.slice(0, k)), rfcRoot(leaves.slice(k))]
    : [...rfcPath(m - k, leaves.slice(k)), rfcRoot(leaves.slice(0, k))];
}

/** SUBPROOF; PROOF is with `b` true. */
export function rfcSubproof(m: number, leaves: Buffer[], b = true): Buffer[] {
  if (m === leaves.length) return b ? [] : [rfcRoot(leaves)];
  const k = splitOf(leaves.length);
  return m <= k
    ? [...rfcSubproof(m, leaves.slice(0, k), b), rfcRoot(leaves.slice(k))]
    : [...rfcSubproof(m - k, leaves.slice(k), false), rfcRoot(leaves.slice(0, k))];
}

/** The root that a path leads to, if its length fits: PATH backwards. */
export function rootOfPath(m: number, n: number, leaf: Buffer, path: Buffer[]): Buffer | undefined {
  if (n === 1) return path.length === 0 ? leaf : undefined;
  const [k, top] = [splitOf(n), path.at(-1)];
  const below = m < k ? rootOfPath(m, k, leaf, path.slice(0, -1)) : rootOfPath(m - k, n - k, leaf, path.slice(0, -1));
  return top && below && (m < k ? join(below, top) : join(top, below));
}

/** Both roots that a consistency proof leads to, if its length fits: SUBPROOF backwards. */
export function rootsOfSubproof(
  m: number,
  n: number,
  old: Buffer,
  proof: Buffer[],
  b = true,
): [Buffer, Buffer] | undefined {
  const top = proof.at(-1);
  if (m === n && b) return top ? undefined : [old, old];
  if (!top) return undefined;
  if (m === n) return proof.length === 1 ? [top, top] : undefined;
  const [k, rest] = [splitOf(n), proof.slice(0, -1)];
  const below = m <= k ? rootsOfSubproof(m, k, old, rest, b) : rootsOfSubproof(m - k, n - k, old, rest, false);
  if (!below) return undefined;
  return m <= k ? [below[0], join(below[1], top)] : [join(top, below[0]), join(top, below[1])];
}

/** A log as the server keeps it: the nodes that the frontier gave out, read back by level and index. */
export class StoredTree {
  readonly frontier = new Frontier();
  readonly leaves: Buffer[] = [];
  readonly roots: Buffer[] = [this.frontier.root()];
  /** how many nodes each proof asked for */
  readonly reads: number[] = [];
  private readonly nodes = new Map<string, Buffer>();

  constructor(entries: Uint8Array[]) {
    for (const [index, entry] of entries.entries()) {
      const leaf = leafHash(entry);
      this.leaves.push(leaf);
      for (const node of [{ level: 0, index, hash: leaf }, ...this.frontier.append(leaf)])
        this.nodes.set(`${node.level}/${node.index}`, node.hash);
      this.roots.push(this.frontier.root());
    }
  }

  /** @throws Error for a node that is not there */
  read = async (wanted: NodeId[]): Promise<Buffer[]> => {
    this.reads.push(wanted.length);
    return wanted.map(({ level, index }) => {
      const hash = this.nodes.get(`${level}/${index}`);
      if (!hash) throw new Error(`node ${level}/${index} is not stored`);
      return hash;
    });
  };
}

/** A copy with one bit flipped. */
export function flipped(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
