import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  flipped,
  rfcPath,
  rfcSubproof,
  rootOfPath,
  rootsOfSubproof,
  StoredTree,
} from '../../../../test/support/rfc-tree.js';
import { verifyConsistency, verifyInclusion } from '../../../../test/support/merkle-verify.js';
import * as merkle from './merkle.js';

const { consistencyProof, EMPTY_ROOT, Frontier, inclusionProof } = merkle;
const hexOf = (hashes: Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));

describe('a proof', () => {
  const SIZE = 18; // the shapes of all paths up to four levels, and one that is not full
  const { leaves, roots, read } = new StoredTree(Array.from({ length: SIZE }, (_, n) => Buffer.from(`${n}`)));
  const bit = fc.nat({ max: 255 });
  const run = { numRuns: 50 };
  const leafInTree = fc
    .integer({ min: 1, max: SIZE })
    .chain((size) => fc.record({ size: fc.constant(size), seq: fc.nat({ max: size - 1 }) }));
  const twoSizes = fc
    .integer({ min: 1, max: SIZE })
    .chain((to) => fc.record({ to: fc.constant(to), from: fc.integer({ min: 1, max: to }) }));

  it('of every leaf is the path of the RFC, and holds', async () => {
    for (let size = 1; size <= SIZE; size++)
      for (let seq = 0; seq < size; seq++) {
        const path = await inclusionProof(seq, size, read);
        expect(hexOf(path)).toEqual(hexOf(rfcPath(seq, leaves.slice(0, size))));
        expect(verifyInclusion({ seq, size, leaf: leaves[seq]!, root: roots[size]! }, path)).toBe(true);
      }
  });

  it('of every two sizes is the proof of the RFC, and holds', async () => {
    for (let to = 0; to <= SIZE; to++)
      for (let from = 0; from <= to; from++) {
        const proof = await consistencyProof(from, to, read);
        expect(hexOf(proof)).toEqual(hexOf(from === 0 ? [] : rfcSubproof(from, leaves.slice(0, to))));
        expect(verifyConsistency({ from, to, fromRoot: roots[from]!, toRoot: roots[to]! }, proof)).toBe(true);
      }
  });

  it('of a leaf fails with any bit flipped, for any other leaf, shortened, lengthened and with any hash cut', async () => {
    await fc.assert(
      fc.asyncProperty(leafInTree, bit, async ({ seq, size }, n) => {
        const claim = { seq, size, leaf: leaves[seq]!, root: roots[size]! };
        const path = await inclusionProof(seq, size, read);
        expect(verifyInclusion({ ...claim, leaf: flipped(claim.leaf, n) }, path)).toBe(false);
        expect(verifyInclusion({ ...claim, root: flipped(claim.root, n) }, path)).toBe(false);
        for (const [at, hash] of path.entries())
          for (const other of [flipped(hash, n), hash.subarray(0, 31), Buffer.concat([hash, Buffer.of(0)])])
            expect(verifyInclusion(claim, path.with(at, other))).toBe(false);
        for (const other of [...path.map((_, at) => path.toSpliced(at, 1)), [...path, roots[1]!], [roots[1]!, ...path]])
          expect(verifyInclusion(claim, other)).toBe(false);
        for (const other of leaves.keys())
          if (other !== seq) expect(verifyInclusion({ ...claim, seq: other }, path)).toBe(false);
        for (let other = 0; other <= SIZE; other++) {
          if (other === size) continue;
          expect(verifyInclusion({ ...claim, size: other, root: roots[other]! }, path)).toBe(false);
          // a path does not say how large the tree is: where its shape fits both sizes, only the root tells them apart
          const leads = other > seq && rootOfPath(seq, other, claim.leaf, path)?.equals(claim.root);
          expect(verifyInclusion({ ...claim, size: other }, path)).toBe(leads === true);
        }
      }),
      run,
    );
  });

  it('of two sizes fails with any bit flipped, for other sizes, shortened and lengthened', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, bit, async ({ from, to }, n) => {
        const claim = { from, to, fromRoot: roots[from]!, toRoot: roots[to]! };
        const proof = await consistencyProof(from, to, read);
        expect(verifyConsistency({ ...claim, fromRoot: flipped(claim.fromRoot, n) }, proof)).toBe(false);
        expect(verifyConsistency({ ...claim, toRoot: flipped(claim.toRoot, n) }, proof)).toBe(false);
        for (const [at, hash] of proof.entries())
          for (const other of [flipped(hash, n), hash.subarray(0, 31)])
            expect(verifyConsistency(claim, proof.with(at, other))).toBe(false);
        for (const other of [...proof.map((_, at) => proof.toSpliced(at, 1)), [...proof, roots[1]!]])
          expect(verifyConsistency(claim, other)).toBe(false);
        for (let other = 1; other <= SIZE; other++) {
          if (other !== from) {
            expect(verifyConsistency({ ...claim, from: other, fromRoot: roots[other]! }, proof)).toBe(false);
            expect(verifyConsistency({ ...claim, from: other }, proof)).toBe(leads({ ...claim, from: other }, proof));
          }
          if (other !== to) {
            expect(verifyConsistency({ ...claim, to: other, toRoot: roots[other]! }, proof)).toBe(false);
            expect(verifyConsistency({ ...claim, to: other }, proof)).toBe(leads({ ...claim, to: other }, proof));
          }
        }
      }),
      run,
    );
  });

  function leads(claim: { from: number; to: number; fromRoot: Buffer; toRoot: Buffer }, proof: Buffer[]): boolean {
    if (claim.from > claim.to) return false;
    const both = rootsOfSubproof(claim.from, claim.to, claim.fromRoot, proof);
    return both !== undefined && both[0].equals(claim.fromRoot) && both[1].equals(claim.toRoot);
  }

  it('from the empty tree is empty, and asks that its root is that of nothing', () => {
    const claim = { from: 0, to: 5, fromRoot: EMPTY_ROOT, toRoot: roots[5]! };
    expect(verifyConsistency(claim, [])).toBe(true);
    expect(verifyConsistency({ ...claim, fromRoot: roots[1]! }, [])).toBe(false);
    expect(verifyConsistency(claim, [roots[5]!])).toBe(false);
    expect(verifyConsistency({ from: 0, to: 0, fromRoot: roots[1]!, toRoot: roots[1]! }, [])).toBe(false);
  });

  it('is not believed where the border between two hashes was moved', () => {
    const [first, second] = [leaves[0]!.subarray(0, 31), Buffer.concat([leaves[0]!.subarray(31), leaves[1]!])];
    expect(merkle.nodeHash(first, second)).toEqual(roots[2]);
    expect(verifyInclusion({ seq: 0, size: 2, leaf: first, root: roots[2]! }, [second])).toBe(false);
    expect(verifyConsistency({ from: 1, to: 2, fromRoot: first, toRoot: roots[2]! }, [second])).toBe(false);
  });

  const NO_NUMBERS = [-1, -0.5, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

  it('of what is not there is refused, and believed of nobody', async () => {
    const [leaf, root, fromRoot, toRoot] = [leaves[0]!, roots[1]!, roots[1]!, roots[1]!];
    for (const [seq, size] of [
      [0, 0],
      [1, 1],
      [7, 3],
      ...NO_NUMBERS.flatMap((no) => [
        [no, 8],
        [0, no],
      ]),
    ] as [number, number][]) {
      // prettier-ignore
      await expect(inclusionProof(seq, size, read)).rejects.toThrow(RangeError);
      expect(verifyInclusion({ seq, size, leaf, root }, [])).toBe(false);
    }
    for (const [from, to] of [
      [1, 0],
      [8, 7],
      ...NO_NUMBERS.flatMap((no) => [
        [no, 8],
        [0, no],
      ]),
    ] as [number, number][]) {
      // prettier-ignore
      await expect(consistencyProof(from, to, read)).rejects.toThrow(RangeError);
      expect(verifyConsistency({ from, to, fromRoot, toRoot }, [])).toBe(false);
    }
  });

  it('is not made of fewer nodes than it needs', async () => {
    await expect(inclusionProof(0, 8, async () => [])).rejects.toThrow('3 nodes of the tree were asked for, 0 were');
    await expect(consistencyProof(3, 8, async (of) => of.map(() => Buffer.alloc(5)))).rejects.toThrow('0 were read');
  });
});

describe('a tree beyond 32 bits', () => {
  // all leaves alike: one hash a level stands for a tree of any size
  const levels = [merkle.leafHash(Buffer.from('x'))];
  for (let level = 0; level < 53; level++) levels.push(merkle.nodeHash(levels[level]!, levels[level]!));
  const calls: number[] = [];
  const read = async (nodes: merkle.NodeId[]): Promise<Buffer[]> => {
    calls.push(nodes.length);
    return nodes.map(({ level }) => levels[level]!);
  };
  /** One peak for each bit that is set, largest first. */
  const peaksOf = (size: number): Buffer[] =>
    levels.filter((_, level) => Math.floor(size / 2 ** level) % 2 === 1).toReversed();
  const rootAt = (size: number): Buffer => new Frontier(size, peaksOf(size)).root();

  it.each([2 ** 31, 2 ** 32 + 1, 2 ** 40 + 12_345, 2 ** 53 - 1])('proves %i leaves, by one read', async (size) => {
    const root = rootAt(size);
    for (const seq of [0, 1, 2 ** 31 - 1, Math.floor(size / 3), size - 1]) {
      calls.length = 0;
      const path = await inclusionProof(seq, size, read);
      expect(calls).toHaveLength(1);
      expect(calls[0]).toBeLessThanOrEqual(2 * Math.log2(size));
      expect(verifyInclusion({ seq, size, leaf: levels[0]!, root }, path)).toBe(true);
      const proof = await consistencyProof(seq + 1, size, read);
      expect(calls.length).toBeLessThanOrEqual(2);
      const fromRoot = rootAt(seq + 1);
      expect(verifyConsistency({ from: seq + 1, to: size, fromRoot, toRoot: root }, proof)).toBe(true);
    }
  });
});
