import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { byCode } from './permission.js';

/** Something that is done, as the audit log names it: decorators and services take this object, never a string. */
export interface AuditAction {
  /** `target.verb`, in snake case */
  readonly code: string;
  /** what it is done to, as in the code */
  readonly targetType: string;
  readonly description: string;
  /** secrets of the target: the log says that they are there or have changed, and not what they are */
  readonly masked: readonly string[];
}

const catalogue = new Map<string, AuditAction>();

/**
 * Declares what can be done to a kind of target, beside the module that does it:
 * `defineAuditActions('deal', { created: 'Made a deal', ownerChanged: '...' })` has `.created`, with the code `deal.created`.
 * @param options.masked what of the target is a secret, named as in the log: the columns that its tables mask (`p_masked` of
 * app.audit_table: the test of the catalogue compares the two), and details of that name
 * @param options.targetType what it is done to, where that is not what the codes begin with
 * @throws Error when a code is malformed or declared twice
 */
export function defineAuditActions<const Verb extends string>(
  subject: string,
  verbs: Readonly<Record<Verb, string>>,
  { masked = [], targetType = subject }: { masked?: readonly string[]; targetType?: string } = {},
): Readonly<Record<Verb, AuditAction>> {
  const actions = Object.entries<string>(verbs).map(([verb, description]) => {
    const code = `${subject}.${verb.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)}`;
    if (!/^[a-z_]+\.[a-z_]+$/.test(code)) throw new Error(`audit action ${code}: write it as target.verb`);
    if (catalogue.has(code)) throw new Error(`audit action ${code} is declared twice`);
    const action: AuditAction = Object.freeze({ code, targetType, description, masked });
    catalogue.set(code, action);
    return [verb, action];
  });
  return Object.freeze(Object.fromEntries(actions) as Record<Verb, AuditAction>);
}

/** Every action that a loaded module declares, by code. */
export function auditCatalogue(): readonly AuditAction[] {
  return [...catalogue.values()].sort(byCode);
}

/** What a route leaves in the audit log, or why it leaves nothing. */
export type AuditDemand =
  /** `target`: the path parameter that names the target */
  { action: AuditAction; target: string } | { reason: string };

export const AUDIT = 'ringfence:audit';

/** In place of a parameter: the target is what the route makes, below others that its path names. */
export const MADE = '(made)';

/**
 * What this route does. The pipeline records it in the request's own transaction, right before COMMIT, unless the service
 * has recorded it there already (see AuditTrail): so that one of the two has happened, or nothing has.
 * @param target the path parameter with the target's id; for MADE, and in a path without parameters, it is the `id` of what
 * the route answers, or the caller's tenant for an action on tenants
 */
export const Audited = (action: AuditAction, target = 'id'): MethodDecorator =>
  applyDecorators(
    SetMetadata(AUDIT, { action, target } satisfies AuditDemand),
    ApiExtension('x-audit-action', action.code),
  );

/** For a route that is no GET and yet changes nothing that anybody would look for. */
export const NotAudited = (reason: string): MethodDecorator => SetMetadata(AUDIT, { reason } satisfies AuditDemand);
