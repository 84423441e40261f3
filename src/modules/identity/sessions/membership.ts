import { membershipSuspended, tenantSuspended } from '../../../errors/index.js';
import type { TenantSummary } from '../dto/responses.js';
import { notAMember } from '../identity.problems.js';
import type { MembershipRow, SessionLimits } from './sessions.repository.js';

/** Who belongs to one tenant signs in to it; who belongs to several says which, instead of us guessing where they work. */
export function theOnly(memberships: MembershipRow[]): MembershipRow | undefined {
  const active = memberships.filter((one) => one.tenant_status === 'active' && one.member_status === 'active');
  return active.length === 1 ? active[0] : undefined;
}

/** @throws DomainError 403, the same for a tenant one does not belong to and for one that does not exist */
export function named(memberships: MembershipRow[], tenant: string): MembershipRow {
  const membership = memberships.find((one) => one.tenant_id === tenant.toLowerCase() || one.tenant_slug === tenant);
  if (!membership) throw notAMember('You are not a member of this tenant.');
  return usable(membership);
}

/** @throws DomainError 403 for a tenant or a membership that is suspended */
export function usable(membership: MembershipRow): MembershipRow {
  if (membership.tenant_status !== 'active') throw tenantSuspended();
  if (membership.member_status !== 'active') throw membershipSuspended();
  return membership;
}

/** What the installation allows, shortened to what the tenant wants. */
export const limitsIn = (membership: MembershipRow | undefined, { ttl, idleTtl }: SessionLimits): SessionLimits => ({
  ttl: Math.min(ttl, (membership?.session_hours ?? Infinity) * 3600),
  idleTtl: Math.min(idleTtl, (membership?.session_idle_minutes ?? Infinity) * 60),
});

export const summary = (row: MembershipRow): TenantSummary => ({
  id: row.tenant_id,
  slug: row.tenant_slug,
  name: row.tenant_name,
  status: row.tenant_status,
  role: row.role_slug,
});
