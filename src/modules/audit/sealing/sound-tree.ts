import { Frontier } from '../proof/merkle.js';
import type { TreeState } from './sealer.repository.js';

/** The tree that perfect subtrees make; undefined where they make none of that size: somebody took or added some. */
export function treeOf(size: number, peaks: readonly (Buffer | null)[]): Frontier | undefined {
  const there = peaks.filter((peak) => peak !== null);
  return there.length === peaks.length ? new Frontier(size, there) : undefined;
}

/** The tree of a log to go on with; undefined where it is not the one that the newest checkpoint was signed for. */
export function soundTree({ size, peaks, signedSize, signedRoot, strays }: TreeState): Frontier | undefined {
  const tree = treeOf(size, peaks);
  const asSigned = size === signedSize && (!signedRoot || signedRoot.equals(tree?.root() ?? Buffer.alloc(0)));
  return asSigned && !strays ? tree : undefined;
}
