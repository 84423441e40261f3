import { Injectable } from '@nestjs/common';
import type { UnfencedClient } from '../../database/service-client.js';
import type { TenantStatus } from './dto/requests.js';
import type { PlatformTenantView, VersionedPlatformTenant } from './dto/responses.js';
import type { FirstInvitation } from './first-invitation.js';

type TenantRow = Omit<PlatformTenantView, 'createdAt'> & { createdAt: Date; version: number };

export interface NewTenant {
  name: string;
  slug: string;
  invitation: FirstInvitation;
}

const SELECT = `
  select t.id, t.slug, t.name, t.status, t.created_at as "createdAt", t.version,
         (select count(*)::int from app.memberships m where m.tenant_id = t.id) as "memberCount"
    from app.tenants t`;

/** Statements on tenants as ringfence_service: of all of them, so whoever calls has been asked who they are. */
@Injectable()
export class PlatformTenantsRepository {
  /** Newest first. @param before id that the page starts after */
  async list(
    client: UnfencedClient,
    { status, limit, before }: { status?: TenantStatus; limit: number; before?: string },
  ): Promise<PlatformTenantView[]> {
    const rows = await client.query<TenantRow>(
      `${SELECT} where ($1::text is null or t.status = $1) and ($2::uuid is null or t.id < $2) order by t.id desc limit $3`,
      [status ?? null, before ?? null, limit],
    );
    return rows.map((row) => fromRow(row).tenant);
  }

  async find(client: UnfencedClient, id: string): Promise<VersionedPlatformTenant | undefined> {
    const [row] = await client.query<TenantRow>(`${SELECT} where t.id = $1`, [id]);
    return row && fromRow(row);
  }

  async bySlug(client: UnfencedClient, slug: string): Promise<VersionedPlatformTenant | undefined> {
    const [row] = await client.query<TenantRow>(`${SELECT} where t.slug = $1`, [slug]);
    return row && fromRow(row);
  }

  /** The tenant, its roles, its first invitation and the mail of it. @returns its id */
  async provision(client: UnfencedClient, { slug, name, invitation }: NewTenant): Promise<string> {
    const { email, tokenHash, mailId, sealed } = invitation;
    const [made] = await client.query<{ id: string }>(
      'select app.provision_invited_tenant($1, $2, $3, $4, $5, $6) as id',
      [slug, name, email, tokenHash, mailId, sealed],
    );
    return (made as { id: string }).id;
  }

  /**
   * In the place of the one that was not accepted, with the mail of it.
   * @throws DatabaseError P0002 for a tenant that is not there, RF025 when it has an owner, RF019, RF024
   */
  async inviteOwner(client: UnfencedClient, id: string, invitation: FirstInvitation): Promise<void> {
    const { email, tokenHash, mailId, sealed } = invitation;
    await client.query('select app.invite_first_owner($1, $2, $3, $4, $5)', [id, email, tokenHash, mailId, sealed]);
  }

  /** @returns whether it was another one before @throws DatabaseError P0002 for a tenant that is not there */
  async setStatus(client: UnfencedClient, id: string, status: TenantStatus): Promise<boolean> {
    const [done] = await client.query<{ changed: boolean }>('select app.set_tenant_status($1, $2) as changed', [
      id,
      status,
    ]);
    return (done as { changed: boolean }).changed;
  }
}

const fromRow = ({ version, createdAt, ...rest }: TenantRow): VersionedPlatformTenant => ({
  tenant: { ...rest, createdAt: createdAt.toISOString() },
  version,
});
