import { createHash, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { newObjectKey } from '../../src/modules/storage/index.js';

export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
export const anyKey = (tenant: string = randomUUID()): string => newObjectKey(tenant, randomUUID());
export const soon = (seconds = 60): Date => new Date(Date.now() + seconds * 1000);

export interface Received {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
}

/** One request with nothing added: no redirects, no decoding, headers as they are; a body in chunks where no length is given. */
export function transfer(
  url: string,
  method: string,
  headers: Record<string, string> = {},
  body?: Buffer | string,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const chunked = body === undefined || 'content-length' in headers ? {} : { 'transfer-encoding': 'chunked' };
    const outgoing = request(url, { method, headers: { ...headers, ...chunked }, agent: false }, (incoming) => {
      answered = true;
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers as Record<string, string>,
          bytes: Buffer.concat(chunks),
        }),
      );
    });
    // a server that has answered may end the connection while we still write
    outgoing.on('error', (error) => (answered ? undefined : reject(error)));
    outgoing.end(body);
  });
}
