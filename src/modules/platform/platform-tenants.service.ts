import { Injectable } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { notFound } from '../../errors/index.js';
import { Cursors, type CursorScope, type Page } from '../../route/index.js';
import { Letters, Outbox } from '../mail/index.js';
import type { ListPlatformTenantsQuery, ProvisionTenantRequest, TenantStatus } from './dto/requests.js';
import type { PlatformTenantView } from './dto/responses.js';
import { firstInvitation } from './first-invitation.js';
import { PlatformAudit } from './platform-audit.js';
import { PlatformDb } from './platform-db.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';

/** What operators do with tenants. Each call is one transaction, and recorded in it. */
@Injectable()
export class PlatformTenantsService {
  constructor(
    private readonly db: PlatformDb,
    private readonly tenants: PlatformTenantsRepository,
    private readonly audit: PlatformAudit,
    private readonly config: Config,
    private readonly cursors: Cursors,
    private readonly letters: Letters,
    private readonly outbox: Outbox,
  ) {}

  list(query: ListPlatformTenantsQuery): Promise<Page<PlatformTenantView>> {
    const { status } = query;
    const scope: CursorScope = { tenantId: '', list: JSON.stringify(['platform tenants', 'id desc', status ?? null]) };
    return this.db.transaction(async (client, operatorId) => {
      this.audit.record('tenantsListed', { operatorId });
      const read = (limit: number, before?: string) => this.tenants.list(client, { status, limit, before });
      return this.cursors.page(query, scope, read, ({ id }) => id);
    });
  }

  /** @throws DomainError 404 */
  get(id: string): Promise<PlatformTenantView> {
    return this.db.transaction(async (client, operatorId) => {
      const tenant = await this.tenants.find(client, id);
      if (!tenant) throw notFound();
      this.audit.record('tenantRead', { operatorId, tenantId: tenant.id });
      return tenant;
    });
  }

  /** @throws DomainError 409 when the slug is taken */
  async provision({ name, slug, adminEmail }: ProvisionTenantRequest): Promise<PlatformTenantView> {
    const made = await this.db.transaction(async (client, operatorId) => {
      const invitation = firstInvitation(this.letters, this.config.webUrl, { adminEmail, tenant: name });
      const id = await this.tenants.provision(client, { name, slug, invitation });
      this.audit.record('tenantProvisioned', { operatorId, tenantId: id });
      return (await this.tenants.find(client, id)) as PlatformTenantView;
    });
    this.outbox.nudge();
    return made;
  }

  /** Doing it again changes nothing. @throws DomainError 404 */
  setStatus(id: string, status: TenantStatus): Promise<void> {
    return this.db.transaction(async (client, operatorId) => {
      await this.tenants.setStatus(client, id, status);
      this.audit.record(status === 'suspended' ? 'tenantSuspended' : 'tenantResumed', { operatorId, tenantId: id });
    });
  }
}
