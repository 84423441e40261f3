import { describe, expect, it } from '@jest/globals';
import { rfcPeaks, rfcRoot, StoredTree } from '../../../../test/support/rfc-tree.js';
import * as merkle from './merkle.js';

const { consistencyProof, EMPTY_ROOT, Frontier, inclusionProof } = merkle;
const hexOf = (hashes: Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));
const treeOf = (size: number): StoredTree =>
  new StoredTree(Array.from({ length: size }, (_, n) => Buffer.from(`${n}`)));

// the test data of the certificate-transparency project
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const LEAF_1 = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const NODE_2_3 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const LEAF_4 = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const NODE_4_5 = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const NODE_6_7 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const NODE_4_TO_7 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';

describe('the vectors of RFC 6962', () => {
  const tree = new StoredTree(ENTRIES.map((entry) => Buffer.from(entry, 'hex')));

  it('has the roots', () => {
    expect(hexOf(tree.roots)).toEqual(ROOTS);
    expect(EMPTY_ROOT.toString('hex')).toBe(ROOTS[0]);
  });

  it.each([
    [0, 1, []],
    [0, 8, [LEAF_1, NODE_2_3, NODE_4_TO_7]],
    [5, 8, [LEAF_4, NODE_6_7, ROOTS[4]]],
    [2, 3, [ROOTS[2]]],
    [1, 5, [ROOTS[1], NODE_2_3, LEAF_4]],
  ])('has the path of leaf %i in %i', async (seq, size, path) => {
    expect(hexOf(await inclusionProof(seq, size, tree.read))).toEqual(path);
  });

  it.each([
    [1, 1, []],
    [1, 8, [LEAF_1, NODE_2_3, NODE_4_TO_7]],
    [6, 8, [NODE_4_5, NODE_6_7, ROOTS[4]]],
    [2, 5, [NODE_2_3, LEAF_4]],
  ])('has the proof from %i to %i', async (from, to, proof) => {
    expect(hexOf(await consistencyProof(from, to, tree.read))).toEqual(proof);
  });
});

describe('Frontier', () => {
  it('goes on from its peaks as if it had never stopped', () => {
    const whole = treeOf(20);
    for (let cut = 0; cut <= 20; cut++) {
      const resumed = new Frontier(cut, rfcPeaks(whole.leaves.slice(0, cut)));
      for (const leaf of whole.leaves.slice(cut)) resumed.append(leaf);
      expect(resumed).toEqual(whole.frontier);
    }
  });

  it('does not change what it was made from', () => {
    const { leaves } = treeOf(3);
    const given = rfcPeaks(leaves);
    new Frontier(3, given).append(merkle.leafHash(Buffer.from('3')));
    expect(hexOf(given)).toEqual(hexOf(rfcPeaks(leaves)));
  });

  it('gives out every interior node of a perfect subtree once', () => {
    const given = new Map<string, string>();
    const [frontier, { leaves }] = [new Frontier(), treeOf(21)];
    for (const leaf of leaves)
      for (const { level, index, hash } of frontier.append(leaf)) {
        expect(given.has(`${level}/${index}`)).toBe(false);
        given.set(`${level}/${index}`, hash.toString('hex'));
      }
    const expected = [1, 2, 3, 4].flatMap((level) =>
      Array.from({ length: Math.floor(21 / 2 ** level) }, (_, index): [string, string] => [
        `${level}/${index}`,
        rfcRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)).toString('hex'),
      ]),
    );
    expect([...given].sort()).toEqual(expected.sort());
  });

  it('refuses peaks that do not fit, and what is no hash', () => {
    const [hash, short] = [Buffer.alloc(32), Buffer.alloc(31)];
    for (const [size, peaks] of [
      [-1, []],
      [1.5, [hash]],
      [2 ** 53, [hash]],
      [Number.NaN, []],
      [0, [hash]],
      [3, [hash]],
      [2, [hash, hash]],
      [1, [short]],
    ] as const)
      // prettier-ignore
      expect(() => new Frontier(size, peaks)).toThrow(RangeError);
    expect(() => new Frontier().append(short)).toThrow(RangeError);
  });
});
