import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { RequestContext } from '../context/index.js';
import { type LimitedRoute, rateLimitHeaders, RateLimits } from '../modules/limits/index.js';
import { type Access, LIMITED, type RouteLimit, UNLIMITED } from '../route/index.js';
import { accessOf } from './access-of.js';

type Verdict = Awaited<ReturnType<RateLimits['byCaller']>>;

/**
 * How often? Whoever is known is counted, and their tenant; on a public route the address is. Most requests are counted in
 * memory; none holds a connection of the requests meanwhile. What operators do counts for no tenant that they happen to be in.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly limits: RateLimits,
  ) {}

  canActivate(execution: ExecutionContext): boolean | Promise<boolean> {
    const handlers = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<string | undefined>(UNLIMITED, handlers) !== undefined) return true;
    const verdict = this.count(accessOf(this.reflector, execution), this.routeOf(execution));
    const response = execution.switchToHttp().getResponse<Response>();
    if (!(verdict instanceof Promise)) return this.admit(verdict, response);
    return verdict.then((one) => this.admit(one, response));
  }

  private count(access: Access | undefined, route: LimitedRoute): Verdict | Promise<Verdict> {
    const { principal, origin } = this.context.state;
    if (principal) return this.limits.byCaller(principal, access?.kind !== 'operator', route);
    return this.limits.byAddress(origin?.().address ?? '', route);
  }

  private routeOf(execution: ExecutionContext): LimitedRoute {
    const handler = execution.getHandler();
    const limit = this.reflector.get<RouteLimit | undefined>(LIMITED, handler);
    return { limit, name: limit ? `${execution.getClass().name}.${handler.name}` : '' };
  }

  /** @throws DomainError 429 */
  private admit({ states, refused }: Verdict, response: Response): boolean {
    for (const [name, value] of Object.entries(rateLimitHeaders(states))) response.setHeader(name, value);
    if (refused) throw this.limits.refusal(refused);
    return true;
  }
}
