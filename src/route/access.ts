import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from './permission.js';
import { ApiProblems } from './problems.js';

/** What a route demands of its caller. Every route has exactly one; the boot stops at one that has none. */
export type Access =
  | { kind: 'public' }
  | { kind: 'session' }
  /** `session`: not by an API key, although in a tenant */
  | { kind: 'member'; session?: boolean }
  | { kind: 'operator' }
  | { kind: 'permission'; permission: Permission };

/** Whether a route concerns a tenant, so that its caller must be in one. */
export const inTenant = (access: Access | undefined): boolean =>
  access?.kind === 'member' || access?.kind === 'permission';

/** Whether a key may be what calls. At AAL2 none is, in any case. */
export const takesKeys = (access: Access | undefined): boolean =>
  access?.kind === 'public' || access?.kind === 'permission' || (access?.kind === 'member' && !access.session);

export const ACCESS = 'ringfence:access';
export const AAL2 = 'ringfence:aal2';
export const RETRYABLE = 'ringfence:retryable';

/** Where @nestjs/swagger keeps the security requirements of an operation; ApiSecurity would only add to them. */
const SECURITY = 'swagger/apiSecurity';

/**
 * Documents by what a route is called: an access token, or an API key where it takes one. Read from what the route declares
 * so far, so each of its decorators says it anew.
 */
const ApiCredentials =
  (): MethodDecorator =>
  (_target, _name, { value: handler }: PropertyDescriptor) => {
    const access = Reflect.getMetadata(ACCESS, handler as object) as Access | undefined;
    const keys = takesKeys(access) && !Reflect.hasMetadata(AAL2, handler as object);
    const schemes = ['accessToken', ...(keys ? ['apiKey'] : [])].map((scheme) => ({ [scheme]: [] }));
    Reflect.defineMetadata(SECURITY, schemes, handler as object);
  };

/** Anybody may call this, signed in or not. It sees no tenant's rows. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, { kind: 'public' } satisfies Access);

/** Any live session may call this, also one without a tenant: what concerns the person and not a tenant. */
export const SessionOnly = (): MethodDecorator =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'session' } satisfies Access), ApiCredentials(), ApiProblems(401));

/**
 * Any member, whatever their role holds: in a session with a tenant, or by an API key.
 * @param options.session only in a session: what somebody does with their own membership
 */
export const MemberOnly = ({ session = false }: { session?: boolean } = {}): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'member', session } satisfies Access),
    ApiCredentials(),
    ApiExtension('x-member', true),
    ApiProblems(401, 403),
  );

/** A session with a tenant whose role holds the permission, or an API key with it. The guard asks first; the database decides. */
export const RequirePermission = (permission: Permission): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'permission', permission } satisfies Access),
    ApiCredentials(),
    ApiExtension('x-permission', permission.code),
    ApiProblems(401, 403),
  );

export interface Aal2Demand {
  /** seconds since the second factor was last given; older asks for it again */
  maxAge?: number;
}

/** The session must stand at AAL2 (NIST SP 800-63B). */
export const RequireAal2 = (demand: Aal2Demand = {}): MethodDecorator =>
  applyDecorators(
    SetMetadata(AAL2, demand),
    ApiCredentials(),
    ApiExtension('x-aal', 'aal2'),
    ...(demand.maxAge === undefined ? [] : [ApiExtension('x-aal-max-age', demand.maxAge)]),
    ApiProblems(403),
  );

/** Whoever runs the installation, at AAL2, with a tenant or without. The guard asks first; the database decides. */
export const OperatorOnly = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'operator' } satisfies Access),
    ApiCredentials(),
    ApiExtension('x-operator', true),
    ApiProblems(401, 403),
    RequireAal2(),
  );

/**
 * The whole unit may run again after a serialisation failure or a deadlock, `times` at most. Only for a handler that
 * does nothing outside the database.
 */
export const Retryable = (times = 2): MethodDecorator => SetMetadata(RETRYABLE, times);
