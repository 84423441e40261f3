/**
 * The header by which a change applies to what was read and to nothing newer (RFC 9110 section 13.1.1).
 *
 *     const read = await ringfence.getDeal({ path });
 *     await ringfence.updateDeal({ path, headers: ifMatch(read), body: { stage: 'won' } });   // 412: read it again
 *
 * @throws Error for an answer without an ETag
 */
export function ifMatch({ response }: { response: Response }): { 'If-Match': string } {
  const tag = response.headers.get('etag');
  if (tag === null) throw new Error('This answer has no ETag: it is not of a single record.');
  return { 'If-Match': tag };
}
