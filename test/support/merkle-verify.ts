import { EMPTY_ROOT, nodeHash } from '../../src/modules/audit/proof/merkle.js';

/*
 * How a client checks the proofs that the API hands out, as RFC 9162 has it: an auditor's part, so the server has none of it.
 */

const odd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);
const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;

/** The way from a leaf to the root, beside the way from the last leaf (fn and sn in RFC 9162). */
class Climb {
  constructor(
    private place: number,
    private last: number,
  ) {}

  get atRoot(): boolean {
    return this.last === 0;
  }

  get siblingIsLeft(): boolean {
    return odd(this.place) || this.place === this.last;
  }

  /** To the next level on which there is a sibling. */
  up(): void {
    if (this.place === this.last) while (this.place > 0 && !odd(this.place)) this.halve();
    this.halve();
  }

  /** As long as the subtree so far is a right one. */
  upWhileRight(): void {
    while (odd(this.place)) this.halve();
  }

  private halve(): void {
    [this.place, this.last] = [half(this.place), half(this.last)];
  }
}

export interface InclusionClaim {
  seq: number;
  size: number;
  leaf: Buffer;
  root: Buffer;
}

/**
 * Whether `leaf` is leaf number `seq` of the tree with that size and root (RFC 9162 section 2.1.3.2). Size and root must
 * come from one checkpoint: of a size that goes with another root it may say yes.
 */
export function verifyInclusion(claim: InclusionClaim, proof: readonly Buffer[]): boolean {
  const { seq, size, leaf, root } = claim;
  if (!isCount(seq) || !isCount(size) || seq >= size || ![leaf, root, ...proof].every(isHash)) return false;
  const climb = new Climb(seq, size - 1);
  let hash = leaf;
  for (const sibling of proof) {
    if (climb.atRoot) return false;
    hash = climb.siblingIsLeft ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    climb.up();
  }
  return climb.atRoot && hash.equals(root);
}

export interface ConsistencyClaim {
  from: number;
  to: number;
  fromRoot: Buffer;
  toRoot: Buffer;
}

/**
 * Whether the second tree begins with the first one (RFC 9162 section 2.1.4.2); the empty tree begins every one. Here,
 * too, each size and its root must come from one checkpoint.
 */
export function verifyConsistency(claim: ConsistencyClaim, proof: readonly Buffer[]): boolean {
  const { from, to, fromRoot, toRoot } = claim;
  if (!isCount(from) || !isCount(to) || from > to || ![fromRoot, toRoot, ...proof].every(isHash)) return false;
  if (from === to) return proof.length === 0 && fromRoot.equals(toRoot) && (from > 0 || fromRoot.equals(EMPTY_ROOT));
  if (from === 0) return proof.length === 0 && fromRoot.equals(EMPTY_ROOT);
  const [first, ...rest] = Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : proof;
  if (!first || proof.length === 0) return false;
  const climb = new Climb(from - 1, to - 1);
  climb.upWhileRight();
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (climb.atRoot) return false;
    if (climb.siblingIsLeft) [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
    else after = nodeHash(after, sibling);
    climb.up();
  }
  return climb.atRoot && before.equals(fromRoot) && after.equals(toRoot);
}
