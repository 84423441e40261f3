import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { RequestContext } from '../context/index.js';
import type { Statement } from '../database/index.js';
import { AuditTrail } from '../modules/audit/index.js';
import { AUDIT, type AuditDemand, inTenant, Reply } from '../route/index.js';
import { accessOf } from './access-of.js';

/** A route did what it declares, outside the tenant's transaction, and its service recorded nothing. */
export class UnrecordedActionError extends Error {
  override name = 'UnrecordedActionError';
  constructor(action: string) {
    super(
      `${action} was done and not recorded. A route that works outside the tenant's transaction records in its own: ` +
        'AuditTrail.recordAuth(tx, ...), or the platform’s audit.record(...).',
    );
  }
}

/** What the route declares to do, as the statement that travels with the COMMIT of its request. */
@Injectable()
export class RouteAudit {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly trail: AuditTrail,
  ) {}

  /** @returns undefined where nothing is declared, or where the service has recorded it @throws UnrecordedActionError */
  entryOf(execution: ExecutionContext, value: unknown): Statement | undefined {
    const demand = this.reflector.get<AuditDemand | undefined>(AUDIT, execution.getHandler());
    const { state } = this.context;
    if (!demand || 'reason' in demand || state.audited) return undefined;
    if (!inTenant(accessOf(this.reflector, execution))) throw new UnrecordedActionError(demand.action.code);
    state.audited = true;
    const { params } = execution.switchToHttp().getRequest<Request<Record<string, string>>>();
    const tenant = demand.action.targetType === 'tenant' ? state.principal?.tenantId : undefined;
    return this.trail.statement(demand.action, { targetId: params[demand.target] ?? idOf(value) ?? tenant });
  }
}

function idOf(value: unknown): string | undefined {
  const { id } = ((value instanceof Reply ? value.body : value) ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
