import { StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Reply } from '../route/index.js';

/**
 * Turns what a handler returned into what Express sends: headers of a Reply, JSON as text (made here, inside the
 * transaction, so that a value that cannot be serialised rolls back), and 304 for a GET whose ETag the client has.
 */
export function writeReply(value: unknown, request: Request, response: Response): unknown {
  let body = value;
  if (value instanceof Reply) {
    for (const [name, header] of Object.entries(value.headers)) response.setHeader(name, header);
    body = value.body;
    if (request.method === 'GET' && notModified(request, response)) {
      response.status(304);
      return undefined;
    }
  }
  if (body === undefined || body === null || typeof body !== 'object') return body;
  if (body instanceof StreamableFile || Buffer.isBuffer(body)) return body;
  const json = JSON.stringify(body);
  response.setHeader('content-type', 'application/json; charset=utf-8');
  return json;
}

/** RFC 9110 section 13.1.2: weak comparison, `*` matches any. */
function notModified(request: Request, response: Response): boolean {
  const etag = response.getHeader('etag');
  const given = request.headers['if-none-match'];
  if (typeof etag !== 'string' || given === undefined) return false;
  return given.trim() === '*' || given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
