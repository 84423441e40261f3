import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RequestContext } from '../context/index.js';
import { TenantDb } from '../database/index.js';
import { accessOf } from './access-of.js';

/**
 * May they? What the token lists is a hint: where it has the permission the request goes on, and the context that the
 * transaction brings decides; where it has not, the permission may have been granted since, so the context is fetched
 * now. Both ways the demand is checked against the database's word (see TenantDb).
 */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly db: TenantDb,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const access = accessOf(this.reflector, execution);
    if (access?.kind !== 'permission') return true;
    const { state, principal } = this.context;
    state.demand.permission = access.permission.code;
    if (principal.permissions?.has(access.permission.code)) return true;
    this.db.begin();
    await this.db.caller();
    return true;
  }
}
