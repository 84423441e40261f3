import type { Request } from 'express';

const BYTES_AT_MOST = 1024 * 1024;
const MS_AT_MOST = 2_000;

/**
 * Reads on for a while, and throws away, what a refused upload still sends: a client that is only writing would see its
 * connection break, and not our answer. Then it waits, and the connection ends.
 */
export function drain(request: Request): void {
  if (request.complete || request.destroyed) return;
  let left = BYTES_AT_MOST;
  const timer = setTimeout(() => request.destroy(), MS_AT_MOST).unref();
  request.once('close', () => clearTimeout(timer));
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.pause(); // to hang up now could overtake the answer
  });
  request.resume(); // paused by whoever stopped reading
}
