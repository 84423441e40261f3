import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { RequestContext, RequestState } from '../context/index.js';
import { ClientGoneError } from '../database/index.js';
import { originOf } from '../modules/identity/index.js';

const REQUEST_ID = /^[\w.-]{1,64}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * First on the way: gives the request its state, its id and its trace, and answers for the end. Whatever happens later,
 * a response that closes takes the unit of work with it, so that no refusal and no lost client keeps a connection.
 */
@Injectable()
export class RequestContextMiddleware implements NestMiddleware {
  constructor(private readonly context: RequestContext) {}

  use(req: Request, res: Response, next: NextFunction): void {
    const state = new RequestState(requestIdOf(req), traceIdOf(req), () => originOf(req));
    res.setHeader('X-Request-Id', state.requestId);
    res.setHeader('traceparent', `00-${state.traceId}-${newSpanId()}-01`);
    res.once('close', () => {
      if (state.unit && !state.unit.ended) void state.unit.rollback(new ClientGoneError('the response has closed'));
    });
    this.context.run(state, next);
  }
}

/** A client's own id is kept when it is plain; anything else could forge a log line. */
function requestIdOf(req: Request): string {
  const given = req.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function traceIdOf(req: Request): string {
  const given = req.headers['traceparent'];
  const traceId = typeof given === 'string' ? TRACEPARENT.exec(given)?.[1] : undefined;
  return traceId !== undefined && !/^0+$/.test(traceId) ? traceId : newTraceId();
}

// randomUUID draws ahead in batches: several times cheaper than asking for a few random bytes
const newTraceId = (): string => randomUUID().replaceAll('-', '');
const newSpanId = (): string => newTraceId().slice(16);
