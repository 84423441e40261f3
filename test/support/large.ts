const PIECE = Buffer.from('0123456789abcde\n'.repeat(4096));

/** So many bytes of text, a piece at a time. */
export function* contentOf(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length));
}
