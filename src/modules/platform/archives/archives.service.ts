import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { Clock } from '../../../context/index.js';
import { notFound, notReady } from '../../../errors/index.js';
import { Queues } from '../../jobs/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../storage/index.js';
import type { EraseTenantRequest, TenantExportPath } from '../dto/requests.js';
import type { ArchiveAccepted, TenantErasureView, TenantExportView } from '../dto/responses.js';
import { PlatformActions } from '../platform.actions.js';
import { PlatformDb } from '../platform-db.js';
import { PlatformTenantsRepository } from '../platform-tenants.repository.js';
import { confirmationMismatch, exportExpired } from '../platform.problems.js';
import { ARCHIVE_QUEUE } from './archive-worker.js';
import { type ArchiveRow, ArchivesRepository } from './archives.repository.js';

/** What operators have done to whole tenants, later and by a worker. Each call is one transaction, and recorded in it. */
@Injectable()
export class ArchivesService {
  constructor(
    private readonly db: PlatformDb,
    private readonly archives: ArchivesRepository,
    private readonly tenants: PlatformTenantsRepository,
    private readonly queues: Queues,
    private readonly config: Config,
    private readonly clock: Clock,
    @Inject(STORAGE_DRIVER) private readonly store: StorageDriver,
  ) {}

  /** @throws DomainError 404; 409 while an export or erasure of the tenant is under way */
  async requestExport(tenantId: string): Promise<ArchiveAccepted> {
    const id = await this.db.transaction(async ({ client, operatorId, audit }) => {
      const exportId = await this.archives.request(client, tenantId, 'export');
      const action = PlatformActions.tenantExportRequested;
      await audit.record(client, action, { operatorId, tenantId }, { exportId });
      return exportId;
    });
    this.queues.nudge(ARCHIVE_QUEUE);
    return { id, status: 'queued' };
  }

  /** @throws DomainError 404; 422 for another slug; 409 for a tenant that is not suspended, or as above */
  async requestErasure(tenantId: string, { confirm }: EraseTenantRequest): Promise<ArchiveAccepted> {
    const id = await this.db.transaction(async ({ client, operatorId, audit }) => {
      const found = await this.tenants.find(client, tenantId);
      if (!found) throw notFound();
      if (found.tenant.slug !== confirm) throw confirmationMismatch();
      const erasureId = await this.archives.request(client, tenantId, 'erase');
      const action = PlatformActions.tenantErasureRequested;
      await audit.record(client, action, { operatorId, tenantId }, { erasureId });
      return erasureId;
    });
    this.queues.nudge(ARCHIVE_QUEUE);
    return { id, status: 'queued' };
  }

  /** @throws DomainError 404 */
  async getExport(path: TenantExportPath): Promise<TenantExportView> {
    const row = await this.recordedExport(path, PlatformActions.tenantExportRead);
    const { size, sha256, missingFiles, expiresAt } = row;
    const bytes = size === null ? null : Number(size);
    return { ...viewOf(row), size: bytes, sha256, missingFiles, expiresAt: expiresAt?.toISOString() ?? null };
  }

  /**
   * A URL that gives the archive to whoever has it, for a short while. That somebody got it stands in the audit log first.
   * @throws DomainError 404; 409 for one that is not done, 410 for one that has expired; 503
   */
  async download(path: TenantExportPath): Promise<string> {
    const { objectKey, slug, createdAt } = await this.recordedExport(
      path,
      PlatformActions.tenantExportDownloaded,
      assertThere,
    );
    const expiresAt = new Date(this.clock.now() + this.config.env.DOWNLOAD_URL_SECONDS * 1000);
    const fileName = `${slug}-${createdAt.toISOString().slice(0, 10)}.tar.gz`;
    return this.store.downloadUrl(objectKey ?? '', { expiresAt, contentType: 'application/gzip', fileName });
  }

  /** In the installation's log alone: the tenant may be gone, and no key to a name comes back into its log. @throws DomainError 404 */
  getErasure(erasureId: string): Promise<TenantErasureView> {
    return this.db.transaction(async ({ client, operatorId, audit }) => {
      const row = await this.archives.findErasure(client, erasureId);
      if (!row) throw notFound();
      await audit.record(client, PlatformActions.tenantErasureRead, { operatorId }, { erasureId });
      return { ...viewOf(row), certificate: row.certificate, sha256: row.sha256 };
    });
  }

  private recordedExport(
    { id: tenantId, exportId }: TenantExportPath,
    action: (typeof PlatformActions)['tenantExportRead'],
    judge: (row: ArchiveRow) => void = () => undefined,
  ): Promise<ArchiveRow> {
    return this.db.transaction(async ({ client, operatorId, audit }) => {
      const row = await this.archives.findExport(client, tenantId, exportId);
      if (!row) throw notFound();
      judge(row);
      await audit.record(client, action, { operatorId, tenantId }, { exportId });
      return row;
    });
  }
}

function assertThere({ status, objectKey, expired }: ArchiveRow): void {
  if (status !== 'done') throw notReady('This export is not done.');
  if (expired || objectKey === null) throw exportExpired();
}

const viewOf = ({ id, status, tenantId, slug, requestedBy, error, createdAt, finishedAt }: ArchiveRow) => ({
  id,
  status,
  tenantId,
  slug,
  requestedBy,
  error,
  createdAt: createdAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});
