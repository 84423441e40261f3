import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { RequestContext } from '../context/index.js';
import { isRetryable, TenantDb, type UnitOfWork } from '../database/index.js';
import { inTenant, RETRYABLE } from '../route/index.js';
import { accessOf } from './access-of.js';
import { Idempotency, type Keyed } from './06b-idempotency.js';
import { RouteAudit } from './06c-route-audit.js';
import { writeReply } from './write-reply.js';

/**
 * The outermost interceptor: everything inside it, serialisation included, happens before COMMIT, and COMMIT before the
 * response. The unit it makes is lazy: a request that fails validation never takes a connection. What the route does is
 * recorded with the COMMIT, and so is its answer where the request has an Idempotency-Key; a repeat does not reach the handler.
 */
@Injectable()
export class TenantTransactionInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly db: TenantDb,
    private readonly audit: RouteAudit,
    private readonly idempotency: Idempotency,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.run(execution, next));
  }

  private async run(execution: ExecutionContext, next: CallHandler): Promise<unknown> {
    const keyed = this.idempotency.keyed(execution);
    let retries = this.reflector.get<number | undefined>(RETRYABLE, execution.getHandler()) ?? 0;
    for (;;) {
      try {
        return await this.once(execution, next, keyed);
      } catch (error) {
        await this.context.state.unit?.rollback();
        if (retries <= 0 || !isRetryable(error)) {
          if (keyed) await this.idempotency.fail(keyed);
          throw error;
        }
        retries -= 1;
        this.context.state.unit = undefined;
        this.context.state.audited = false;
      }
    }
  }

  private async once(execution: ExecutionContext, next: CallHandler, keyed?: Keyed): Promise<unknown> {
    const http = execution.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const first = this.db.begin();
    const known = keyed && (await this.idempotency.begin(keyed, response));
    if (known) {
      const again = writeReply(known, request, response);
      await first.commit();
      return again;
    }
    const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    if (keyed) keyed.acted = true;
    const body = writeReply(value, request, response);
    if (keyed) await this.idempotency.settle(keyed, value, body, response);
    const unit = this.lastUnit();
    // a handler that never asked the database still needs a live caller
    if (this.context.state.unit && !unit.opened && inTenant(accessOf(this.reflector, execution)))
      await this.db.caller();
    const record = this.audit.entryOf(execution, value);
    const kept = keyed && this.idempotency.keep(keyed, value, body, response);
    await unit.commit(...[record, kept].filter((statement) => statement !== undefined));
    return body;
  }

  /**
   * The same unit, or a new one behind TenantTransactions.apart. What that has committed is not undone by a client that
   * goes away, so its answer is kept in a unit that no closing connection finds.
   */
  private lastUnit(): UnitOfWork {
    const unit = this.db.begin();
    if (this.context.state.lease?.taken && !unit.opened) this.context.state.unit = undefined;
    return unit;
  }
}
