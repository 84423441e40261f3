import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import * as merkle from '../../src/modules/audit/proof/merkle.js';
import {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from '../support/merkle-verify.js';
import {
  flipped,
  rfcPath,
  rfcRoot,
  rfcSubproof,
  rootOfPath,
  rootsOfSubproof,
  StoredTree,
} from '../support/rfc-tree.js';

/*
 * The server's tree, the RFC's definition and the auditor's program, which shares no code with the server, on ten
 * thousand random trees. SCALE multiplies their number.
 */
const TREES = Math.round(300 * Number(process.env['SCALE'] ?? 1));
const MILLION = 1_000_000;
const { consistencyProof, inclusionProof } = merkle;

const verifier: string = '../../src/audit-verifier/ringfence-audit-verify.mjs'; // plain JavaScript, without types
const { MerkleTree } = (await import(verifier)) as {
  MerkleTree: new () => { append(leafHash: string): void; root(): string };
};

const size = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: -1, max: 1 })).map(([level, off]) => 2 ** level + off) }, // prettier-ignore
);
const places = size.chain((n) =>
  fc.record({
    size: fc.constant(n),
    seq: fc.nat({ max: n - 1 }),
    from: fc.integer({ min: 1, max: n }),
    bit: fc.nat({ max: 255 }),
    every: fc.nat({ max: 99 }).map((one) => one === 0), // every bit takes long: in one tree of a hundred
  }),
);
type Places = typeof places extends fc.Arbitrary<infer T> ? T : never;

/** Some hash of a list, or each, with a bit, or each, flipped. */
const damaged = (hashes: Buffer[], { bit, every }: Places): Buffer[][] =>
  hashes.flatMap((hash, at) =>
    (every ? Array.from({ length: 256 }, (_, n) => n) : [bit]).map((n) => hashes.with(at, flipped(hash, n))),
  );

/** Sizes around one, itself among them. */
const near = (size: number): number[] =>
  [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5].map((off) => size + off).filter((one) => one > 0);

const otherLengths = (proof: Buffer[]): Buffer[][] => [
  ...proof.map((_, at) => proof.toSpliced(at, 1)),
  [...proof, randomBytes(32)],
  [randomBytes(32), ...proof],
];

function rootsAgree({ leaves, roots }: StoredTree, { from, size }: Places): void {
  const independent = new MerkleTree();
  const theirs = leaves.map((leaf) => (independent.append(leaf.toString('hex')), independent.root()));
  expect(roots.slice(1).map((root) => root.toString('hex'))).toEqual(theirs);
  for (const n of [from, size]) expect(roots[n]).toEqual(rfcRoot(leaves.slice(0, n)));
}

async function inclusionHolds({ leaves, roots, read }: StoredTree, given: Places): Promise<void> {
  const { seq, size } = given;
  const claim = { seq, size, leaf: leaves[seq]!, root: roots[size]! };
  const path = await inclusionProof(seq, size, read);
  expect(Buffer.concat(path).equals(Buffer.concat(rfcPath(seq, leaves)))).toBe(true);
  expect(verifyInclusion(claim, path)).toBe(true);

  const believed: unknown[] = [];
  const tell = (what: string, other: InclusionClaim, proof = path): void => {
    if (verifyInclusion(other, proof)) believed.push([what, other]);
  };
  for (const [leaf, root, ...proof] of damaged([claim.leaf, claim.root, ...path], given))
    tell('a bit', { ...claim, leaf: leaf!, root: root! }, proof);
  for (const proof of otherLengths(path)) tell('a length', claim, proof);
  for (const other of [-1, size, size + 1, ...leaves.keys()])
    if (other !== seq) {
      tell('an index', { ...claim, seq: other });
      if (leaves[other]) tell('a leaf', { ...claim, leaf: leaves[other] });
    }
  for (let other = 0; other <= size; other++) if (other !== size) tell('a size', { ...claim, size: other, root: roots[other]! }); // prettier-ignore
  expect(believed).toEqual([]);
  // the root alone binds the size: where a path's shape fits another size too, both are believed of the same root
  for (const other of near(size).filter((one) => one > seq))
    expect(verifyInclusion({ ...claim, size: other }, path)).toBe(
      rootOfPath(seq, other, claim.leaf, path)?.equals(claim.root) ?? false,
    );
}

async function consistencyHolds({ leaves, roots, read }: StoredTree, given: Places): Promise<void> {
  const { from, size: to } = given;
  const claim = { from, to, fromRoot: roots[from]!, toRoot: roots[to]! };
  const proof = await consistencyProof(from, to, read);
  expect(Buffer.concat(proof).equals(Buffer.concat(rfcSubproof(from, leaves)))).toBe(true);
  expect(verifyConsistency(claim, proof)).toBe(true);

  const believed: unknown[] = [];
  const tell = (what: string, other: ConsistencyClaim, parts = proof): void => {
    if (verifyConsistency(other, parts)) believed.push([what, other]);
  };
  for (const [fromRoot, toRoot, ...parts] of damaged([claim.fromRoot, claim.toRoot, ...proof], given))
    tell('a bit', { ...claim, fromRoot: fromRoot!, toRoot: toRoot! }, parts);
  for (const parts of otherLengths(proof)) tell('a length', claim, parts);
  for (let other = 1; other <= to; other++) {
    if (other !== from) tell('a start', { ...claim, from: other, fromRoot: roots[other]! });
    if (other !== to) tell('an end', { ...claim, to: other, toRoot: roots[other]! });
  }
  tell('an end before the start', { ...claim, to: from - 1, toRoot: roots[from - 1]! });
  expect(believed).toEqual([]);
  const around = [...near(from).map((one) => [one, to] as const), ...near(to).map((one) => [from, one] as const)];
  for (const [start, end] of around.filter(([one, other]) => one <= other)) {
    const both = rootsOfSubproof(start, end, claim.fromRoot, proof);
    const leads = both !== undefined && both[0].equals(claim.fromRoot) && both[1].equals(claim.toRoot);
    expect(verifyConsistency({ ...claim, from: start, to: end }, proof)).toBe(leads);
  }
}

describe('a random tree', () => {
  it('has the root and the proofs of the RFC, and nothing else is believed of it', async () => {
    await fc.assert(
      fc.asyncProperty(places, async (given) => {
        const tree = new StoredTree(Array.from({ length: given.size }, () => randomBytes(16)));
        rootsAgree(tree, given);
        await inclusionHolds(tree, given);
        await consistencyHolds(tree, given);
        expect(tree.reads.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: TREES },
    );
  });
});

describe('a tree of a million', () => {
  it('is proved by one read of a few nodes, up to its root by the independent program', async () => {
    const levels = Array.from({ length: 21 }, (_, level) => Buffer.alloc(32 * Math.floor(MILLION / 2 ** level)));
    const [frontier, independent] = [new merkle.Frontier(), new MerkleTree()];
    const roots = new Map<number, Buffer>();
    const sizes = [1, 2, 3, 65_535, 65_536, 65_537, 524_287, 524_288, 524_289, 777_777, MILLION - 1, MILLION];
    for (let n = 0; n < MILLION; n++) {
      const leaf = merkle.leafHash(Buffer.from(`entry ${n}`));
      independent.append(leaf.toString('hex'));
      for (const { level, index, hash } of [{ level: 0, index: n, hash: leaf }, ...frontier.append(leaf)])
        hash.copy(levels[level]!, 32 * index);
      if (sizes.includes(n + 1)) roots.set(n + 1, frontier.root());
    }
    expect(frontier.root().toString('hex')).toBe(independent.root());

    const reads: number[] = [];
    const node = ({ level, index }: merkle.NodeId): Buffer => levels[level]!.subarray(32 * index, 32 * index + 32);
    const read = async (nodes: merkle.NodeId[]): Promise<Buffer[]> => (reads.push(nodes.length), nodes.map(node));
    for (const from of sizes)
      for (const to of sizes.filter((one) => one >= from)) {
        const [fromRoot, toRoot, seq] = [roots.get(from)!, roots.get(to)!, from - 1];
        const [path, proof] = [await inclusionProof(seq, to, read), await consistencyProof(from, to, read)];
        expect(verifyInclusion({ seq, size: to, leaf: node({ level: 0, index: seq }), root: toRoot }, path)).toBe(true);
        expect(verifyConsistency({ from, to, fromRoot, toRoot }, proof)).toBe(true);
      }
    expect(reads.length).toBeLessThanOrEqual(sizes.length * (sizes.length + 1));
    expect(Math.max(...reads)).toBeLessThanOrEqual(2 * Math.log2(MILLION));
  });
});
