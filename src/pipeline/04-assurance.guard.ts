import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Clock, RequestContext } from '../context/index.js';
import { aal2Required } from '../errors/index.js';
import { AAL2, type Aal2Demand, inTenant } from '../route/index.js';
import { accessOf } from './access-of.js';

const GIVE_IT = 'Give your second factor: POST /v1/auth/mfa/verify, and use the tokens it answers with.';

/**
 * How sure? The level of the token's own session, and how long ago it was reached. A route may demand a level, and a
 * tenant may demand it of every route where its rows are. Whoever has no second factor yet enrols one under /v1/auth/mfa,
 * which asks for a session and no tenant.
 */
@Injectable()
export class AssuranceGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    const access = accessOf(this.reflector, execution);
    if (access?.kind === 'public') return true;
    const { aal, minAal, authTime, key } = this.context.principal;
    if (inTenant(access) && minAal === 'aal2' && aal !== 'aal2') {
      throw aal2Required(`This tenant demands a second factor of its members. ${GIVE_IT}`);
    }
    const demand = this.reflector.getAllAndOverride<Aal2Demand | undefined>(AAL2, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    if (!demand) return true;
    if (key) throw aal2Required('This needs a second factor, which an API key never has. Sign in, and give yours.');
    if (aal !== 'aal2') throw aal2Required(`This needs a second factor, which this session has not given. ${GIVE_IT}`);
    if (demand.maxAge !== undefined && this.clock.now() / 1000 - authTime > demand.maxAge) {
      throw aal2Required(`This needs a second factor given within the last ${demand.maxAge} seconds. ${GIVE_IT}`);
    }
    return true;
  }
}
