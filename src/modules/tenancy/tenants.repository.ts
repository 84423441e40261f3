import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { ExpectedVersions } from '../../route/index.js';
import type { VersionedTenant } from './dto/responses.js';

interface TenantRow {
  id: string;
  slug: string;
  name: string;
  status: string;
  min_aal: 1 | 2;
  session_idle_minutes: number | null;
  session_hours: number | null;
  version: number;
  created_at: string;
  updated_at: string;
}

/** What changes of a tenant, as app.update_tenant takes it. A field that is left out stays. */
export interface TenantChange {
  name?: string;
  slug?: string;
  requireAal2?: boolean;
  sessionIdleMinutes?: number | null;
  sessionHours?: number | null;
}

/** The caller's tenant: the fence shows this one row. */
@Injectable()
export class TenantsRepository {
  constructor(private readonly db: TenantDb) {}

  async current(): Promise<VersionedTenant | undefined> {
    const [row] = await this.db.queryOnce<TenantRow>(
      `select id, slug, name, status, min_aal, session_idle_minutes, session_hours, version, created_at, updated_at
         from app.tenants`,
    );
    return row && fromRow(row);
  }

  async update(change: TenantChange, versions: ExpectedVersions): Promise<void> {
    await this.db.query('select app.update_tenant($1, $2)', [JSON.stringify(change), versions ?? null]);
  }
}

function fromRow(row: TenantRow): VersionedTenant {
  const { id, slug, name, status, version } = row;
  const settings = {
    requireAal2: row.min_aal === 2,
    sessionIdleMinutes: row.session_idle_minutes,
    sessionHours: row.session_hours,
  };
  return {
    tenant: { id, slug, name, status, settings, createdAt: row.created_at, updatedAt: row.updated_at },
    version,
  };
}
