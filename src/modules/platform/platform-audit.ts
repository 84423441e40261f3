import type { UnfencedClient } from '../../database/service-client.js';

/** What is done to the installation and its tenants, by the names that the audit log knows. */
export const PLATFORM_ACTIONS = {
  tenantsListed: 'platform.tenants_listed',
  tenantRead: 'platform.tenant_read',
  tenantProvisioned: 'platform.tenant_provisioned',
  tenantSuspended: 'platform.tenant_suspended',
  tenantResumed: 'platform.tenant_resumed',
  ownerInvited: 'platform.owner_invited',
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

/** Records each call of the platform within its transaction: what is not recorded did not happen. */
export class PlatformAudit {
  /** @param write takes the structured line; whoever runs the transaction hands it on when that was committed */
  constructor(private readonly write: (line: string) => void) {}

  /** @param _client of the transaction, for what is recorded in the database itself */
  record(_client: UnfencedClient, action: PlatformAction, target: PlatformTarget): Promise<void> {
    this.write(JSON.stringify({ action: PLATFORM_ACTIONS[action], ...target }));
    return Promise.resolve();
  }
}
