/** What is done to the installation and its tenants, by the names that the audit log knows. */
export const PLATFORM_ACTIONS = {
  tenantsListed: 'platform.tenants_listed',
  tenantRead: 'platform.tenant_read',
  tenantProvisioned: 'platform.tenant_provisioned',
  tenantSuspended: 'platform.tenant_suspended',
  tenantResumed: 'platform.tenant_resumed',
  operatorAdded: 'platform.operator_added',
  operatorRemoved: 'platform.operator_removed',
} as const;

export type PlatformAction = keyof typeof PLATFORM_ACTIONS;

/** Who did it, and to what. */
export interface PlatformTarget {
  /** null: on the command line, by whoever holds the service role's password */
  operatorId: string | null;
  /** in whose log it belongs too */
  tenantId?: string;
  /** whom it made an operator, or no longer one */
  userId?: string;
}

/** Records each call of the platform, from within its transaction: a structured line. */
export class PlatformAudit {
  constructor(private readonly write: (line: string) => void) {}

  record(action: PlatformAction, target: PlatformTarget): void {
    this.write(JSON.stringify({ action: PLATFORM_ACTIONS[action], ...target }));
  }
}
