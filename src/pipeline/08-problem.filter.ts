import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequestContext } from '../context/index.js';
import { ClientGoneError, CommitUnknownError, refusalFor, rootOf } from '../database/index.js';
import {
  contentTooLarge,
  describeError,
  type DomainError,
  notFound,
  rangeNotSatisfiable,
  requestTimeout,
  toProblem,
  versionMismatch,
} from '../errors/index.js';
import { patternOf, RefusalAudit } from './08b-refusal-audit.js';
import { withdrawReply } from './write-reply.js';
import {
  internalError,
  malformedRequest,
  methodNotAllowed,
  notAcceptable,
  outcomeUnknown,
  unsupportedMediaType,
} from './problems.js';

/** What body-parser and Express throw (http-errors). */
interface HttpError {
  status?: number;
  statusCode?: number;
  type?: string;
}

const FROM_STATUS: Record<number, () => DomainError> = {
  400: malformedRequest,
  404: notFound,
  405: methodNotAllowed,
  406: notAcceptable,
  408: requestTimeout,
  412: versionMismatch,
  413: contentTooLarge,
  415: unsupportedMediaType,
  416: rangeNotSatisfiable,
};

/** Last on the way: ends the transaction, notes for the audit log, and answers as application/problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Problem');

  constructor(
    private readonly context: RequestContext,
    private readonly audit: RefusalAudit,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const state = this.context.stateOrUndefined;
    await state?.unit?.rollback();
    if (rootOf(error) instanceof ClientGoneError) return;
    const refusal = toRefusal(error);
    this.audit.note(refusal, request);
    if (response.headersSent || response.destroyed) return;
    const traceId = state?.traceId ?? '0'.repeat(32);
    this.report(error, refusal, request, traceId);
    const problem = toProblem(refusal, request.path, traceId);
    response.status(refusal.status);
    withdrawReply(response);
    response.setHeader('content-type', 'application/problem+json; charset=utf-8');
    if (refusal.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="ringfence"');
    const { retryAfterSeconds } = refusal.extras;
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    response.end(JSON.stringify(problem));
  }

  /** One line a problem. Never the values of a statement or a body: they may be somebody's secret. */
  private report(error: unknown, refusal: DomainError, request: Request, traceId: string): void {
    const line = `${refusal.status} ${refusal.code} ${request.method} ${patternOf(request) ?? request.path} trace=${traceId}`;
    if (refusal.status < 500) return this.log.debug(line);
    const { cause, frames } = causeOf(rootOf(error));
    if (refusal.status === 503) this.log.warn(`${line} because ${cause}`);
    else this.log.error(`${line} because ${cause}`, frames);
  }
}

/** SQLSTATEs of class 22 (data exception): PostgreSQL's text repeats the value that it could not take. */
const REPEATS_VALUES = /^22[0-9A-Z]{3}$/;

function causeOf(root: unknown): { cause: string; frames: string | undefined } {
  const { name, message, frames } = describeError(root);
  const { code } = (root ?? {}) as { code?: unknown };
  const known = typeof code === 'string' ? code : '';
  const told = REPEATS_VALUES.test(known) ? 'a value that the database could not take' : message;
  return { cause: `${name}${known && ` ${describeError(known).message}`}: ${told}`, frames };
}

function toRefusal(error: unknown): DomainError {
  const known = refusalFor(error);
  if (known) return known;
  if (error instanceof CommitUnknownError) {
    return outcomeUnknown();
  }
  const status = error instanceof HttpException ? error.getStatus() : expressStatus(error);
  return (FROM_STATUS[status] ?? internalError)();
}

function expressStatus(error: unknown): number {
  if (error instanceof URIError) return 400;
  const { status, statusCode, type } = (error ?? {}) as HttpError;
  return typeof type === 'string' || error instanceof Error ? (status ?? statusCode ?? 500) : 500;
}
