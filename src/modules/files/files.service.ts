import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { Clock, RequestContext } from '../../context/index.js';
import { TenantTransactions } from '../../database/index.js';
import { notFound, notReady, validationFailed } from '../../errors/index.js';
import { Cursors, type CursorScope, type Page, type PageQuery } from '../../route/index.js';
import { AuditTrail } from '../audit/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/index.js';
import type { DownloadQuery, ListFilesQuery } from './dto/requests.js';
import type { FileView, StorageUsageView, VersionView } from './dto/responses.js';
import { FileActions } from './files.actions.js';
import { fileLost } from './files.problems.js';
import { FilesRepository, type Stored } from './files.repository.js';

@Injectable()
export class FilesService {
  constructor(
    private readonly files: FilesRepository,
    private readonly transactions: TenantTransactions,
    private readonly trail: AuditTrail,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
    private readonly config: Config,
    private readonly clock: Clock,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
  ) {}

  /** @throws DomainError 400 for one of the two filters without the other */
  async list(query: ListFilesQuery): Promise<Page<FileView>> {
    const { resourceType: type, resourceId: id } = query;
    if ((type === undefined) !== (id === undefined))
      throw validationFailed('Name resourceType and resourceId together, or neither.');
    const record = type === undefined || id === undefined ? undefined : { type, id };
    const read = (limit: number, before?: string): Promise<FileView[]> => this.files.list(record, limit, before);
    return this.cursors.page(query, this.scope('files', type ?? null, id ?? null), read, (file) => file.id);
  }

  /** @throws DomainError 404 */
  async get(id: string): Promise<FileView> {
    const file = await this.files.find(id);
    if (!file) throw notFound();
    return file;
  }

  /** @throws DomainError 404 */
  async versions(id: string, query: PageQuery): Promise<Page<VersionView>> {
    await this.get(id);
    const read = (limit: number, before?: string): Promise<VersionView[]> =>
      this.files.versions(id, limit, before === undefined ? undefined : Number(before));
    return this.cursors.page(query, this.scope('file versions', id), read, ({ version }) => String(version));
  }

  usage(): Promise<StorageUsageView> {
    return this.files.usage();
  }

  /**
   * A URL that gives the bytes to whoever has it, for a short while. That somebody got it stands in the audit log first.
   * @throws DomainError 404; 409 for one that is not ready, 410 for one that is lost; 503
   */
  async download(id: string, { version, inline }: DownloadQuery): Promise<string> {
    const file = await this.transactions.apart(async () => {
      const found = await this.files.stored(id, version);
      assertReady(found);
      await this.trail.record(FileActions.downloaded, { targetId: id, details: { number: found.number } });
      return found;
    });
    const expiresAt = new Date(this.clock.now() + this.config.env.DOWNLOAD_URL_SECONDS * 1000);
    const { contentType, name: fileName } = file;
    return this.driver.downloadUrl(file.objectKey, { expiresAt, contentType, fileName, inline: inline === 'true' });
  }

  /** @throws DomainError 404, 403 for whoever may not change its record */
  delete(id: string): Promise<void> {
    return this.files.delete(id);
  }

  /** @throws DomainError 404 also where it is not deleted, or removed for good; 403 */
  async restore(id: string): Promise<FileView> {
    await this.files.restore(id);
    return this.get(id);
  }

  private scope(...list: unknown[]): CursorScope {
    return { tenantId: this.context.principal.tenantId ?? '', list: JSON.stringify(list) };
  }
}

function assertReady(found: Stored | undefined): asserts found is Stored {
  if (!found) throw notFound();
  if (found.status === 'lost') throw fileLost(undefined, { status: 410 });
  if (found.status !== 'ready') throw notReady('This version is not there yet.');
}
