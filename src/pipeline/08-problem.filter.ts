import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequestContext } from '../context/index.js';
import { ClientGoneError, CommitUnknownError, refusalFor, rootOf } from '../database/index.js';
import { badRequest, DomainError, toProblem, unavailable } from '../errors/index.js';
import { patternOf, RefusalAudit } from './08b-refusal-audit.js';

/** What body-parser and Express throw (http-errors). */
interface HttpError {
  status?: number;
  statusCode?: number;
  type?: string;
}

const FROM_STATUS: Record<number, [code: string, detail: string]> = {
  400: ['malformed_request', 'The request cannot be read.'],
  404: ['not_found', 'There is nothing here that you can see.'],
  405: ['method_not_allowed', 'This path does not take this method.'],
  406: ['not_acceptable', 'The answer would be application/json, which Accept excludes.'],
  408: ['request_timeout', 'The request took too long to arrive.'],
  413: ['content_too_large', 'The body is larger than this route takes.'],
  415: ['unsupported_media_type', 'Send the body as application/json in UTF-8.'],
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
    response.removeHeader('ETag');
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
    const { name, message, code, stack } = rootOf(error) as Error & { code?: string };
    const cause = `${name}${code ? ` ${code}` : ''}: ${message}`;
    if (refusal.status === 503) this.log.warn(`${line} because ${cause}`);
    else this.log.error(`${line} because ${cause}`, stack);
  }
}

function toRefusal(error: unknown): DomainError {
  const known = refusalFor(error);
  if (known) return known;
  if (error instanceof CommitUnknownError) {
    return unavailable('outcome_unknown', 'The change may or may not have been made. Read before you try again.', 2);
  }
  const status = error instanceof HttpException ? error.getStatus() : expressStatus(error);
  const [code, detail] = FROM_STATUS[status] ?? [];
  if (code && detail) return status === 400 ? badRequest(code, detail) : new DomainError(status, code, detail);
  return new DomainError(500, 'internal_error', 'Something failed on our side. The trace id helps us to find it.');
}

function expressStatus(error: unknown): number {
  if (error instanceof URIError) return 400;
  const { status, statusCode, type } = (error ?? {}) as HttpError;
  return typeof type === 'string' || error instanceof Error ? (status ?? statusCode ?? 500) : 500;
}
