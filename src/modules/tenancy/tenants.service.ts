import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { notFound, validationFailed } from '../../errors/index.js';
import { Cursors, type CursorScope, type ExpectedVersions, type Page } from '../../route/index.js';
import { Grants, type TenantSummary } from '../identity/index.js';
import type { ListTenantsQuery, UpdateTenantRequest } from './dto/requests.js';
import type { VersionedTenant } from './dto/responses.js';
import { TenantsRepository } from './tenants.repository.js';

/** The tenants that a person belongs to, and the one that they are in. */
@Injectable()
export class TenantsService {
  constructor(
    private readonly tenants: TenantsRepository,
    private readonly grants: Grants,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  /** By slug. @throws DomainError 401 when the session has ended */
  mine(query: ListTenantsQuery): Promise<Page<TenantSummary>> {
    const { principal } = this.context;
    const scope: CursorScope = { tenantId: principal.tenantId ?? '', list: `tenants of ${principal.userId} by slug` };
    const read = async (limit: number, after = ''): Promise<TenantSummary[]> => {
      const rest = (await this.grants.tenantsOf(principal)).filter(({ slug }) => slug > after);
      return rest.sort((one, other) => (one.slug < other.slug ? -1 : 1)).slice(0, limit);
    };
    return this.cursors.page(query, scope, read, ({ slug }) => slug);
  }

  async current(): Promise<VersionedTenant> {
    const tenant = await this.tenants.current();
    if (!tenant) throw notFound();
    return tenant;
  }

  /** @throws DomainError 403, 409 for a slug that is taken, 412 */
  async update({ name, slug, settings }: UpdateTenantRequest, versions: ExpectedVersions): Promise<VersionedTenant> {
    const { requireAal2, sessionIdleMinutes, sessionHours } = settings ?? {};
    const change = { name, slug, requireAal2, sessionIdleMinutes, sessionHours };
    if (Object.values(change).every((value) => value === undefined))
      throw validationFailed('Name at least one field to change.');
    await this.tenants.update(change, versions);
    return this.current();
  }
}
