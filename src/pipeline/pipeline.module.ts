import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { ApiKeysModule } from '../modules/api-keys/index.js';
import { IdempotencyModule } from '../modules/idempotency/index.js';
import { IdentityModule } from '../modules/identity/index.js';
import { LimitsModule } from '../modules/limits/index.js';
import { RequestContextMiddleware } from './01-request-context.middleware.js';
import { DeprecationGuard } from './01b-deprecation.guard.js';
import { AuthenticationGuard } from './02-authentication.guard.js';
import { RateLimitGuard } from './02b-rate-limit.guard.js';
import { TenantGuard } from './03-tenant.guard.js';
import { AssuranceGuard } from './04-assurance.guard.js';
import { PermissionGuard } from './05-permission.guard.js';
import { OperatorGuard } from './05b-operator.guard.js';
import { TenantTransactionInterceptor } from './06-tenant-transaction.interceptor.js';
import { Idempotency } from './06b-idempotency.js';
import { RouteAudit } from './06c-route-audit.js';
import { InputGuard } from './07-input.guard.js';
import { InputValidationPipe } from './07-validation.pipe.js';
import { ProblemFilter } from './08-problem.filter.js';
import { RefusalAudit } from './08b-refusal-audit.js';
import { JwtStrategy } from './jwt.strategy.js';
import { RouteCheck } from './route-check.js';

/** The guards, in the order in which a request meets them. The input guard stands last: who and where come first. */
export const GUARDS = [
  DeprecationGuard,
  AuthenticationGuard,
  RateLimitGuard,
  TenantGuard,
  AssuranceGuard,
  PermissionGuard,
  OperatorGuard,
  InputGuard,
] as const;

/**
 * The way of a request, and the only place where something is put on the way of all. (One public route asks who calls, if
 * anybody: see invitations.)
 */
@Module({
  imports: [ApiKeysModule, DiscoveryModule, IdempotencyModule, IdentityModule, LimitsModule],
  providers: [
    RequestContextMiddleware,
    JwtStrategy,
    RouteCheck,
    RouteAudit,
    Idempotency,
    RefusalAudit,
    ...GUARDS.flatMap((guard) => [guard, { provide: APP_GUARD, useExisting: guard }]),
    { provide: APP_INTERCEPTOR, useClass: TenantTransactionInterceptor },
    { provide: APP_PIPE, useClass: InputValidationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class PipelineModule {}
