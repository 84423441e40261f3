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
    for (const [name, header] of Object.entries(value.headers)) {
      response.setHeader(name, name === 'Link' ? [...deprecationLinks(response), header] : header);
    }
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

/** Takes back what a Reply said of an answer that is none after all: its COMMIT failed, and its record is not there. */
export function withdrawReply(response: Response): void {
  for (const name of ['ETag', 'Location', 'Content-Disposition', 'Idempotent-Replayed']) response.removeHeader(name);
  const links = deprecationLinks(response);
  response.removeHeader('Link');
  if (links.length > 0) response.setHeader('Link', links);
}

/** What says that the route goes away stays; what an earlier run of the handler set does not. */
const deprecationLinks = (response: Response): string[] =>
  [response.getHeader('Link') ?? []]
    .flat()
    .map(String)
    .filter((link) => link.includes('rel="deprecation"'));

/** RFC 9110 section 13.1.2: weak comparison, `*` matches any. */
function notModified(request: Request, response: Response): boolean {
  const etag = response.getHeader('etag');
  const given = request.headers['if-none-match'];
  if (typeof etag !== 'string' || given === undefined) return false;
  return given.trim() === '*' || given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
