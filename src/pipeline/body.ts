import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { invalidText, notAcceptable, unsupportedMediaType } from './problems.js';

type Marked = { notUtf8?: boolean };
const LIMIT = '256kb';
/** What nearly every client sends; only others are worth parsing. */
const PLAIN_ACCEPT = new Set(['*/*', 'application/json', 'application/json, text/plain, */*']);

/** What answers with something else, for clients that ask for just that. */
const OTHER_ANSWERS: Readonly<Record<string, string>> = {
  '/v1/audit-log/export': 'application/x-ndjson',
  '/v1/audit-log/verifier': 'text/javascript',
};

/** Where files come and go as they are: their routes read them, and answer with them, piece by piece. */
const STREAMED = '/v1/storage/objects/';

/** JSON in UTF-8 and nothing else, read only after the headers say so. Express middleware, right behind 01. */
export function useJsonBodies(app: NestExpressApplication): void {
  app.use(refuseOtherMedia);
  const options = {
    limit: LIMIT,
    strict: true,
    type: (request: IncomingMessage) => !isStreamed((request as Request).path), // the rest is JSON, or was refused
    // body-parser's own hook, which Nest's type does not name
    verify: (request: Marked, _response: unknown, bytes: Buffer) => {
      request.notUtf8 = !isUtf8(bytes);
    },
  };
  app.useBodyParser('json', options);
  app.use((request: Request & Marked, _response: Response, next: NextFunction) =>
    next(request.notUtf8 ? invalidText('The body is not UTF-8.') : undefined),
  );
}

const isStreamed = (path: string): boolean => path.startsWith(STREAMED);

function refuseOtherMedia(request: Request, _response: Response, next: NextFunction): void {
  if (isStreamed(request.path)) return next();
  const { 'content-length': length, 'transfer-encoding': chunked, 'content-type': type, accept } = request.headers;
  const hasBody = chunked !== undefined || (length !== undefined && length !== '0');
  if (hasBody && !/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type ?? '')) {
    return next(unsupportedMediaType());
  }
  const api = request.path.startsWith('/v1/');
  if (
    api &&
    accept &&
    !PLAIN_ACCEPT.has(accept) &&
    !request.accepts(['application/json', 'application/problem+json', OTHER_ANSWERS[request.path] ?? []].flat())
  ) {
    return next(notAcceptable());
  }
  next();
}
