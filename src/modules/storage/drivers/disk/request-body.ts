import type { Request } from 'express';
import { PassThrough, type Readable } from 'node:stream';
import { ClientGoneError } from '../../../../database/index.js';
import { requestTimeout } from '../../../../errors/index.js';

/**
 * The body of a request, no faster than it is read. It fails, and leaves the request alone: an answer must still go back over
 * its connection.
 * @param idle milliseconds without a byte, while there is room for one
 * @param total milliseconds
 * @returns a stream that fails with DomainError 408, or ClientGoneError
 */
export function bodyOf(request: Request, idle: number, total: number): Readable {
  const body = new PassThrough();
  const late = (): void => void body.destroy(requestTimeout());
  const waiting = setTimeout(() => {
    if (body.writableNeedDrain) waiting.refresh();
    else late();
  }, idle);
  const ending = setTimeout(late, total);
  const moved = (): void => void waiting.refresh();
  const gone = (): void => {
    if (!request.complete) body.destroy(new ClientGoneError('the upload was broken off'));
  };
  body.on('error', () => undefined); // it may come before anybody reads; body.errored has it
  request.on('data', moved).once('close', gone).once('error', gone);
  body.once('close', () => {
    clearTimeout(waiting);
    clearTimeout(ending);
    request.unpipe(body).off('data', moved).off('close', gone);
  });
  return request.pipe(body);
}
