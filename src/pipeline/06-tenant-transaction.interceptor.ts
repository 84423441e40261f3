import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { RequestContext } from '../context/index.js';
import { isRetryable, TenantDb } from '../database/index.js';
import { inTenant, RETRYABLE } from '../route/index.js';
import { accessOf } from './access-of.js';
import { RouteAudit } from './06c-route-audit.js';
import { writeReply } from './write-reply.js';

/**
 * The outermost interceptor: everything inside it, serialisation included, happens before COMMIT, and COMMIT before the
 * response. The unit it makes is lazy: a request that fails validation never takes a connection. What the route does is
 * recorded with the COMMIT.
 */
@Injectable()
export class TenantTransactionInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly db: TenantDb,
    private readonly audit: RouteAudit,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.run(execution, next));
  }

  private async run(execution: ExecutionContext, next: CallHandler): Promise<unknown> {
    let retries = this.reflector.get<number | undefined>(RETRYABLE, execution.getHandler()) ?? 0;
    for (;;) {
      try {
        return await this.once(execution, next);
      } catch (error) {
        await this.context.state.unit?.rollback();
        if (retries <= 0 || !isRetryable(error)) throw error;
        retries -= 1;
        this.context.state.unit = undefined;
        this.context.state.audited = false;
      }
    }
  }

  private async once(execution: ExecutionContext, next: CallHandler): Promise<unknown> {
    this.db.begin();
    const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const unit = this.db.begin(); // the same, or a new one behind TenantTransactions.apart
    // a handler that never asked the database still needs a live caller
    if (!unit.opened && inTenant(accessOf(this.reflector, execution))) await this.db.caller();
    const http = execution.switchToHttp();
    const record = this.audit.entryOf(execution, value);
    const body = writeReply(value, http.getRequest<Request>(), http.getResponse<Response>());
    await unit.commit(record);
    return body;
  }
}
