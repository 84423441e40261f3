import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RequestContext } from '../context/index.js';
import { sessionRequired } from '../database/index.js';
import { inTenant, takesKeys } from '../route/index.js';
import { accessOf } from './access-of.js';
import { tenantRequired } from './problems.js';

/**
 * Where? A route for members needs a tenant, and one that needs a permission a tenant to hold it in. That the tenant is not
 * suspended is read with the context, in the request's own transaction. What concerns a person is for their session: an API
 * key stands in its tenant and is nobody.
 */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    const access = accessOf(this.reflector, execution);
    if (!takesKeys(access) && this.context.principal.key) throw sessionRequired();
    if (!inTenant(access)) return true;
    if (this.context.principal.tenantId === null) {
      throw tenantRequired();
    }
    return true;
  }
}
