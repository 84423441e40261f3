/** Reading answers from a socket, as little as a load needs to know of HTTP. */
const END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Length of the body if `bytes` holds a whole answer, else undefined. @throws on anything but 2xx */
export function bodyLength(bytes) {
  const head = bytes.indexOf(END);
  if (head < 0) return undefined;
  const headers = bytes.toString('latin1', 0, head);
  if (headers[9] !== '2') throw new Error(`the answer was: ${bytes.toString('latin1', 0, 600)}`);
  const given = bytes.length - head - END.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(headers);
  if (length) return given < Number(length[1]) ? undefined : given;
  return bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) ? given : undefined;
}
