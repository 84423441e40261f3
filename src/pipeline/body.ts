import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { isUtf8 } from 'node:buffer';
import { badRequest, DomainError } from '../errors/index.js';

const LIMIT = '256kb';

/** JSON in UTF-8 and nothing else, read only after the headers say so. Runs ahead of 01, as Express middleware. */
export function useJsonBodies(app: NestExpressApplication): void {
  app.use(refuseOtherMedia);
  const options = {
    limit: LIMIT,
    strict: true,
    // body-parser's own hook, which Nest's type does not name
    verify: (_request: unknown, _response: unknown, bytes: Buffer) => {
      if (!isUtf8(bytes)) throw badRequest('invalid_text', 'The body is not UTF-8.');
    },
  };
  app.useBodyParser('json', options);
}

function refuseOtherMedia(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length, 'transfer-encoding': chunked, 'content-type': type, accept } = request.headers;
  const hasBody = chunked !== undefined || (length !== undefined && length !== '0');
  if (hasBody && !/^application\/json\s*(;|$)/i.test(type ?? '')) {
    return next(new DomainError(415, 'unsupported_media_type', 'Send the body as application/json in UTF-8.'));
  }
  const api = request.path.startsWith('/v1/');
  if (api && accept && accept !== '*/*' && !request.accepts(['application/json', 'application/problem+json'])) {
    return next(new DomainError(406, 'not_acceptable', 'The answer would be application/json, which Accept excludes.'));
  }
  next();
}
