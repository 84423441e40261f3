import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/index.js';
import type { ExpectedVersions } from '../../route/index.js';
import type { CreateApiKeyRequest } from './dto/requests.js';
import type { ApiKeyView, Versioned } from './dto/responses.js';

const VIEW = `k.id, k.name, k.public_id as "publicId",
  case when k.expires_at <= now() then 'expired' else coalesce(app.api_key_standing(k.id), 'unconfirmed') end as status,
  k.permissions, k.user_id as "userId", k.created_by as "createdBy", k.expires_at as "expiresAt",
  k.requests_per_minute as "requestsPerMinute", k.created_at as "createdAt", k.rotated_at as "rotatedAt",
  date_trunc('minute', k.last_used_at) as "lastUsedAt"`;

const versions = (at: ExpectedVersions): number[] | null => (at ? [...at] : null);

/** Keys of the caller's tenant. Each change is a function of the database, which asks who may (migrations/0034). */
@Injectable()
export class ApiKeysRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  list(limit: number, before?: string): Promise<ApiKeyView[]> {
    return this.db.queryOnce(
      `select ${VIEW} from app.api_keys k where $2::uuid is null or k.id < $2 order by k.id desc limit $1`,
      [limit, before ?? null],
    );
  }

  async find(id: string): Promise<Versioned<ApiKeyView> | undefined> {
    const [row] = await this.db.query<ApiKeyView & { version: number }>(
      `select ${VIEW}, k.version from app.api_keys k where k.id = $1`,
      [id],
    );
    if (!row) return undefined;
    const { version, ...view } = row;
    return { view, version };
  }

  /** @param hash of the key's capability @returns its id */
  async create(key: CreateApiKeyRequest, publicId: string, hash: Buffer): Promise<string> {
    const { name, permissions, expiresAt, requestsPerMinute } = key;
    const [row] = await this.db.query<{ id: string }>('select app.create_api_key($1, $2, $3, $4, $5, $6) as id', [
      name,
      publicId,
      hash,
      permissions,
      expiresAt,
      requestsPerMinute ?? null,
    ]);
    return row?.id ?? '';
  }

  async rotate(id: string, hash: Buffer, overlapSeconds: number, at: ExpectedVersions): Promise<void> {
    await this.db.query('select app.rotate_api_key($1, $2, $3, $4)', [id, hash, overlapSeconds, versions(at)]);
  }

  async confirm(id: string, at: ExpectedVersions): Promise<void> {
    await this.db.query('select app.confirm_api_key($1, $2)', [id, versions(at)]);
  }

  async revoke(id: string, at: ExpectedVersions): Promise<void> {
    await this.db.query('select app.revoke_api_key($1, $2)', [id, versions(at)]);
  }
}
