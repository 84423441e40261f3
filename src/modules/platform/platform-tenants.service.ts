import { Injectable } from '@nestjs/common';
import { Config, KeyRing } from '../../config/index.js';
import type { UnfencedClient } from '../../database/service-client.js';
import { notFound } from '../../errors/index.js';
import { Cursors, type CursorScope, type Page } from '../../route/index.js';
import { Outbox } from '../mail/index.js';
import type {
  InviteOwnerRequest,
  ListPlatformTenantsQuery,
  ProvisionTenantRequest,
  TenantStatus,
} from './dto/requests.js';
import type { PlatformTenantView, VersionedPlatformTenant } from './dto/responses.js';
import { firstInvitation } from './first-invitation.js';
import { PlatformActions } from './platform.actions.js';
import { PlatformDb } from './platform-db.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';

const DONE = { suspended: PlatformActions.tenantSuspended, active: PlatformActions.tenantResumed } as const;

/** What operators do with tenants. Each call is one transaction, and recorded in it. */
@Injectable()
export class PlatformTenantsService {
  constructor(
    private readonly db: PlatformDb,
    private readonly tenants: PlatformTenantsRepository,
    private readonly config: Config,
    private readonly cursors: Cursors,
    private readonly ring: KeyRing,
    private readonly outbox: Outbox,
  ) {}

  list(query: ListPlatformTenantsQuery): Promise<Page<PlatformTenantView>> {
    const { status } = query;
    const scope: CursorScope = { tenantId: '', list: JSON.stringify(['platform tenants', 'id desc', status ?? null]) };
    return this.db.transaction(async ({ client, operatorId, audit }) => {
      await audit.record(client, PlatformActions.tenantsListed, { operatorId });
      const read = (limit: number, before?: string) => this.tenants.list(client, { status, limit, before });
      return this.cursors.page(query, scope, read, ({ id }) => id);
    });
  }

  /** @throws DomainError 404 */
  get(id: string): Promise<VersionedPlatformTenant> {
    return this.db.transaction(async ({ client, operatorId, audit }) => {
      const found = await this.found(client, id);
      await audit.record(client, PlatformActions.tenantRead, { operatorId, tenantId: found.tenant.id });
      return found;
    });
  }

  /** @throws DomainError 409 when the slug is taken */
  async provision({ name, slug, adminEmail }: ProvisionTenantRequest): Promise<VersionedPlatformTenant> {
    const made = await this.db.transaction(async ({ client, operatorId, audit }) => {
      const invitation = firstInvitation(this.ring, this.config.webUrl, { adminEmail, tenant: name });
      const id = await this.tenants.provision(client, { name, slug, invitation });
      await audit.record(client, PlatformActions.tenantProvisioned, { operatorId, tenantId: id });
      return this.found(client, id);
    });
    this.outbox.nudge();
    return made;
  }

  /** In the place of the invitation that was not accepted. @throws DomainError 404; 409 once the tenant has an owner */
  async inviteOwner(id: string, { adminEmail }: InviteOwnerRequest): Promise<void> {
    await this.db.transaction(async ({ client, operatorId, audit }) => {
      const { tenant } = await this.found(client, id);
      const invitation = firstInvitation(this.ring, this.config.webUrl, { adminEmail, tenant: tenant.name });
      await this.tenants.inviteOwner(client, tenant.id, invitation);
      await audit.record(client, PlatformActions.ownerInvited, { operatorId, tenantId: tenant.id });
    });
    this.outbox.nudge();
  }

  /** Doing it again changes nothing. @throws DomainError 404 */
  setStatus(id: string, status: TenantStatus): Promise<void> {
    return this.db.transaction(async ({ client, operatorId, audit }) => {
      await this.tenants.setStatus(client, id, status);
      await audit.record(client, DONE[status], { operatorId, tenantId: id });
    });
  }

  private async found(client: UnfencedClient, id: string): Promise<VersionedPlatformTenant> {
    const found = await this.tenants.find(client, id);
    if (!found) throw notFound();
    return found;
  }
}
