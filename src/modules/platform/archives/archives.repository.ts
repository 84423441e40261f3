import { Injectable } from '@nestjs/common';
import type { UnfencedClient } from '../../../database/service-client.js';
import type { ArchiveStatus } from '../dto/responses.js';

/** auth.tenant_archives: what operators have asked for. */
export interface ArchiveRow {
  id: string;
  tenantId: string;
  slug: string;
  requestedBy: string;
  status: ArchiveStatus;
  error: string | null;
  objectKey: string | null;
  size: string | null;
  sha256: string | null;
  missingFiles: number | null;
  certificate: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date | null;
  expired: boolean;
}

export type ArchiveOp = 'export' | 'erase';

const SELECT = `
  select a.id, a.tenant_id as "tenantId", a.slug, a.requested_by as "requestedBy", a.status, a.error, a.object_key as "objectKey",
         a.size, a.sha256, a.missing_files as "missingFiles", a.certificate, a.created_at as "createdAt",
         a.finished_at as "finishedAt", a.expires_at as "expiresAt", coalesce(a.expires_at <= now(), false) as expired
    from auth.tenant_archives a`;

/** Statements on exports and erasures as ringfence_service, in an operator's transaction. */
@Injectable()
export class ArchivesRepository {
  /** With its row in the queue. @returns its id @throws DatabaseError P0002, RF035 or RF037 */
  async request(client: UnfencedClient, tenantId: string, op: ArchiveOp): Promise<string> {
    const [made] = await client.query<{ id: string }>('select app.request_tenant_archive($1, $2) as id', [
      tenantId,
      op,
    ]);
    return (made as { id: string }).id;
  }

  async findExport(client: UnfencedClient, tenantId: string, id: string): Promise<ArchiveRow | undefined> {
    const where = `where a.op = 'export' and a.tenant_id = $1 and a.id = $2`;
    return (await client.query<ArchiveRow>(`${SELECT} ${where}`, [tenantId, id]))[0];
  }

  async findErasure(client: UnfencedClient, id: string): Promise<ArchiveRow | undefined> {
    return (await client.query<ArchiveRow>(`${SELECT} where a.op = 'erase' and a.id = $1`, [id]))[0];
  }
}
