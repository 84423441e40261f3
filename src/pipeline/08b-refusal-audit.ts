import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isUUID } from 'class-validator';
import type { Request } from 'express';
import { type RequestState, RequestContext } from '../context/index.js';
import type { DomainError } from '../errors/index.js';
import { INSTALLATION, type Refusal, RefusalLog } from '../modules/audit/index.js';
import { AUDIT, type AuditDemand } from '../route/index.js';
import { accessOf } from './access-of.js';

const DENIED = new Set([401, 403, 404]);
const CONFLICT = 409;
/** Answers that refuse nobody anything, so that the log has nothing to say of them. */
const NO_REFUSALS: ReadonlySet<string> = new Set([
  // a repeat of what has succeeded, or is under way
  'request_in_flight',
  'secret_shown_once',
  'answer_not_kept',
  'not_sealed_yet', // an entry's proof, which is there a second later: whoever waits for it asks again and again
]);
const TOLD_EVERY_MS = 60_000;

type Named = Pick<Refusal, 'action' | 'targetType' | 'targetId'>;

/**
 * What was refused, or failed, on a route of the API: noted for the audit log, behind the rollback. Whoever did not prove
 * who they are leaves nothing there but failures of ours; refusals of theirs are counted in the server's log, once a
 * minute. (A failed sign-in is noted by the service that refuses it.)
 */
@Injectable()
export class RefusalAudit implements OnApplicationShutdown {
  private readonly log = new Logger('Refusals');
  private readonly unproved = new Map<string, number>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly refusals: RefusalLog,
  ) {}

  /** Never throws and never waits. */
  note(refusal: DomainError, request: Request): void {
    try {
      this.sort(refusal, request);
    } catch (error) {
      this.log.error(`a refusal is not in the audit log: ${(error as Error).message}`);
    }
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.tell();
  }

  private sort({ status, code }: DomainError, request: Request): void {
    const state = this.context.stateOrUndefined;
    const pattern = patternOf(request);
    if (!state?.route || state.refused || !pattern || NO_REFUSALS.has(code)) return;
    if (status === 401 && !state.principal) return this.count(code);
    const failed = status === CONFLICT || status >= 500;
    if (state.principal ? !failed && !DENIED.has(status) : status < 500) return;
    this.refusals.note({
      ...this.whose(state),
      ...this.what(state, request),
      outcome: failed ? 'failure' : 'denied',
      code,
      details: { method: request.method, route: pattern, status },
    });
  }

  /** As the verified token says. What operators do is no affair of a tenant that they happen to be in. */
  private whose({ principal, route }: RequestState): Pick<Refusal, 'tenantId' | 'concerns' | 'actorId' | 'sessionId'> {
    if (!principal) return { tenantId: INSTALLATION };
    const { userId, sessionId } = principal;
    const ofOperators = route && accessOf(this.reflector, route)?.kind === 'operator';
    const tenantId = ofOperators ? INSTALLATION : principal.tenantId;
    return { tenantId, concerns: userId, actorId: userId, sessionId };
  }

  /** The action that the route declares; else what it asks a permission for. */
  private what({ route, principal }: RequestState, { params }: Request): Named {
    const demand = route && this.reflector.get<AuditDemand | undefined>(AUDIT, route.getHandler());
    if (demand && 'action' in demand) {
      const { code, targetType } = demand.action;
      const tenant = targetType === 'tenant' ? (principal?.tenantId ?? undefined) : undefined;
      return { action: code, targetType, targetId: uuidIn(params, demand.target) ?? tenant };
    }
    const access = route && accessOf(this.reflector, route);
    const [resource = '', ...rest] = access?.kind === 'permission' ? access.permission.code.split(':') : [];
    const action = [resource, ...rest].join('.').replaceAll('-', '_');
    return { action: action || 'request.refused', targetType: resource || undefined, targetId: uuidIn(params, 'id') };
  }

  private count(code: string): void {
    this.unproved.set(code, (this.unproved.get(code) ?? 0) + 1);
    this.timer ??= setTimeout(() => this.tell(), TOLD_EVERY_MS).unref();
  }

  private tell(): void {
    this.timer = undefined;
    const counts = [...this.unproved].map(([code, count]) => `${code} ${count}`);
    this.unproved.clear();
    if (counts.length > 0) this.log.log(`answered 401 to nobody known, in the last minute: ${counts.join(', ')}`);
  }
}

/** As the route is declared, `/v1/deals/:id`; undefined for what is no route of the API. */
export function patternOf({ route }: Request): string | undefined {
  const path = (route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' && path.startsWith('/v1/') ? path : undefined;
}

/** The parameter of that name, or the only one. */
function uuidIn(params: Request['params'], name: string): string | undefined {
  const all = Object.values(params);
  const given = params[name] ?? (all.length === 1 ? all[0] : undefined);
  return isUUID(given, 'loose') ? (given as string) : undefined;
}
