import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RequestContext } from '../context/index.js';
import { forbidden } from '../errors/index.js';
import { AAL2, type Aal2Demand } from '../route/index.js';

/** How sure? The level of the token's own session, and how long ago it was reached. */
@Injectable()
export class AssuranceGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    const demand = this.reflector.getAllAndOverride<Aal2Demand | undefined>(AAL2, [
      execution.getHandler(),
      execution.getClass(),
    ]);
    if (!demand) return true;
    const { aal, authTime } = this.context.principal;
    const fresh = demand.maxAge === undefined || Date.now() / 1000 - authTime <= demand.maxAge;
    if (aal === 'aal2' && fresh) return true;
    throw forbidden('aal2_required', 'This needs your second factor, given recently enough.', { requiredAal: 'aal2' });
  }
}
