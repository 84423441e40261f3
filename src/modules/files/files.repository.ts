import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { CreateFileRequest, VersionRequest } from './dto/requests.js';
import type { FileStatus, FileView, StorageUsageView, VersionView } from './dto/responses.js';

/** A version as the functions of the database answer it. Keys and upload ids are for the store alone. */
export interface Version {
  fileId: string;
  number: number;
  contentType: string;
  size: number;
  sha256: string;
  uploadKey: string;
  objectKey: string;
  /** of an upload in parts */
  uploadId: string | null;
  status: FileStatus;
  /** of whoever has taken it up for inspection: nobody settles it under an older one */
  token: string | null;
}

/** What a download needs. */
export type Stored = Pick<Version, 'number' | 'contentType' | 'objectKey' | 'status'> & { name: string };

type Bigint<T> = Omit<T, 'size'> & { size: string };

const VERSION = `v.file_id as "fileId", v.number, v.content_type as "contentType", v.size, v.sha256, v.upload_key as "uploadKey",
  v.object_key as "objectKey", v.upload_id as "uploadId", v.status, v.checking_token as "token"`;
const FILE = `f.id, f.name, f.resource_type as "resourceType", f.resource_id as "resourceId", v.number as version,
  v.content_type as "contentType", v.size, v.sha256, v.status, f.created_by as "createdBy", f.created_at as "createdAt"`;
/** The one that is named; else the latest that is ready; else the latest. */
const ONE_VERSION = (named: string): string => `
  cross join lateral (
    select * from app.file_versions o where o.tenant_id = f.tenant_id and o.file_id = f.id and (${named})
     order by (o.number = f.current) desc nulls last, o.number desc limit 1) v`;

/** Statements on files. Rows are read behind the fence; every change is a function's, which asks for itself who may. */
@Injectable()
export class FilesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  async list(record: { type: string; id: string } | undefined, limit: number, before?: string): Promise<FileView[]> {
    const values: unknown[] = [limit];
    const conditions = [
      ...(record
        ? [`f.resource_type = $${values.push(record.type)}`, `f.resource_id = $${values.push(record.id)}`]
        : []),
      ...(before === undefined ? [] : [`f.id < $${values.push(before)}`]),
    ];
    const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
    const rows = await this.db.queryOnce<Bigint<FileView>>(
      `select ${FILE} from (select * from app.files f ${where} order by f.id desc limit $1) f ${ONE_VERSION('true')} order by f.id desc`,
      values,
    );
    return rows.map(sized);
  }

  async find(id: string, version?: number): Promise<FileView | undefined> {
    const [row] = await this.db.query<Bigint<FileView>>(
      `select ${FILE} from app.files f ${ONE_VERSION('$2::integer is null or o.number = $2')} where f.id = $1`,
      [id, version ?? null],
    );
    return row && sized(row);
  }

  /** Newest first. @param before number that the page starts after */
  async versions(id: string, limit: number, before?: number): Promise<VersionView[]> {
    const rows = await this.db.query<Bigint<VersionView>>(
      `select v.number as version, v.content_type as "contentType", v.size, v.sha256, v.status, v.created_by as "createdBy",
              v.created_at as "createdAt", v.completed_at as "completedAt"
         from app.file_versions v where v.file_id = $1 and ($3::integer is null or v.number < $3) order by v.number desc limit $2`,
      [id, limit, before ?? null],
    );
    return rows.map(sized);
  }

  async stored(id: string, version?: number): Promise<Stored | undefined> {
    const [row] = await this.db.query<Stored>(
      `select f.name, v.number, v.content_type as "contentType", v.object_key as "objectKey", v.status
         from app.files f ${ONE_VERSION('$2::integer is null or o.number = $2')} where f.id = $1`,
      [id, version ?? null],
    );
    return row;
  }

  async usage(): Promise<StorageUsageView> {
    const [row] = await this.db.queryOnce<{ bytes: string; most: string }>(
      `select coalesce(max(bytes), 0) as bytes, coalesce(max(bytes_at_most), app.default_storage_quota()) as most from app.storage_usage`,
    );
    return { bytes: Number(row?.bytes), bytesAtMost: Number(row?.most) };
  }

  create({ resourceType, resourceId, name, contentType, size, sha256 }: CreateFileRequest): Promise<Version> {
    const values = [resourceType, resourceId, name, contentType, size, sha256];
    return this.version('app.create_file($1, $2, $3, $4, $5, $6)', values);
  }

  addVersion(id: string, { contentType, size, sha256 }: VersionRequest): Promise<Version> {
    return this.version('app.add_file_version($1, $2, $3, $4)', [id, contentType, size, sha256]);
  }

  async nameUpload({ fileId, number }: Version, uploadId: string): Promise<void> {
    await this.db.query('select app.name_upload($1, $2, $3)', [fileId, number, uploadId]);
  }

  /** Takes it up for inspection, unless it is settled. @param version undefined: the latest */
  check(id: string, version?: number): Promise<Version> {
    return this.version('app.check_version($1, $2)', [id, version ?? null]);
  }

  settle({ fileId, number, token }: Version, status: 'ready' | 'quarantined' | 'pending'): Promise<Version> {
    return this.version('app.settle_version($1, $2, $3, $4)', [fileId, number, status, token]);
  }

  /** Nobody sees it any more; its room is free when the sweeper has been there. */
  async discard({ fileId, number, token }: Version): Promise<void> {
    await this.db.query('select app.discard_version($1, $2, $3)', [fileId, number, token]);
  }

  /** In a job of a scan: its version, while that waits for it. */
  async toScan(): Promise<Version | undefined> {
    const [row] = await this.db.query<Bigint<Version>>(
      `select ${VERSION} from app.scanned_version() v where v.file_id is not null`,
    );
    return row && sized(row);
  }

  /** @returns whether the version of this job still waited for it */
  async settleScan(clean: boolean): Promise<boolean> {
    const [row] = await this.db.query<{ settled: boolean }>('select app.settle_scan($1) as settled', [clean]);
    return row?.settled ?? false;
  }

  async delete(id: string): Promise<void> {
    await this.db.query('select app.delete_file($1)', [id]);
  }

  async restore(id: string): Promise<void> {
    await this.db.query('select app.restore_file($1)', [id]);
  }

  private async version(call: string, values: unknown[]): Promise<Version> {
    const [row] = await this.db.query<Bigint<Version>>(`select ${VERSION} from ${call} v`, values);
    return sized(row as Bigint<Version>);
  }
}

const sized = <T>(row: Bigint<T>): T => ({ ...row, size: Number(row.size) }) as T;
