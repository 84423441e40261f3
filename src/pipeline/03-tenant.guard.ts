import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RequestContext } from '../context/index.js';
import { forbidden } from '../errors/index.js';
import { inTenant } from '../route/index.js';
import { accessOf } from './access-of.js';

/**
 * Where? A route for members needs a tenant, and one that needs a permission a tenant to hold it in. That the tenant is not
 * suspended is read with the context, in the request's own transaction.
 */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    if (!inTenant(accessOf(this.reflector, execution))) return true;
    if (this.context.principal.tenantId === null) {
      throw forbidden('tenant_required', 'This session has no tenant. Choose one with POST /v1/auth/switch-tenant.');
    }
    return true;
  }
}
