import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../../database/index.js';
import type { ExpectedVersions } from '../../../route/index.js';
import type { NewSecret } from '../webhook-secrets.js';
import type { UpdateWebhookRequest } from './dto/requests.js';
import type { VersionedWebhook, WebhookView } from './dto/responses.js';

export interface NewWebhook {
  url: string;
  events: readonly string[];
  description: string;
}

const VIEW = `w.id, w.url, w.events, w.description, w.status, w.disabled_reason as "disabledReason",
  w.failing_since as "failingSince", w.created_by as "createdBy", w.created_at as "createdAt", w.updated_at as "updatedAt"`;

/** Endpoints of the caller's tenant. Each change is a function of the database, which asks who may (migrations/0035). */
@Injectable()
export class WebhooksRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  list(limit: number, before?: string): Promise<WebhookView[]> {
    return this.db.queryOnce(
      `select ${VIEW} from app.webhooks w where $2::uuid is null or w.id < $2 order by w.id desc limit $1`,
      [limit, before ?? null],
    );
  }

  async find(id: string): Promise<VersionedWebhook | undefined> {
    const [row] = await this.db.query<WebhookView & { version: number }>(
      `select ${VIEW}, w.version from app.webhooks w where w.id = $1`,
      [id],
    );
    if (!row) return undefined;
    const { version, ...webhook } = row;
    return { webhook, version };
  }

  /** @returns its id; undefined where the tenant has as many as it may have */
  async create({ url, events, description }: NewWebhook, secret: NewSecret): Promise<string | undefined> {
    const values = [url, events, description, secret.id, secret.sealed];
    const [row] = await this.db.query<{ id: string | null }>(
      'select app.create_webhook($1, $2, $3, $4, $5) as id',
      values,
    );
    return row?.id ?? undefined;
  }

  async update(id: string, change: UpdateWebhookRequest, versions: ExpectedVersions): Promise<void> {
    const { url = null, events = null, description = null, status = null } = change;
    const values = [id, url, events, description, status, versions ?? null];
    await this.db.query('select app.update_webhook($1, $2, $3, $4, $5, $6)', values);
  }

  async delete(id: string, versions: ExpectedVersions): Promise<void> {
    await this.db.query('select app.delete_webhook($1, $2)', [id, versions ?? null]);
  }

  /** @returns until when the one from before signs, too */
  async rotate(id: string, overlapSeconds: number, secret: NewSecret): Promise<string> {
    const values = [id, overlapSeconds, secret.id, secret.sealed];
    const [row] = await this.db.query<{ end: string }>(
      'select app.rotate_webhook_secret($1, $2, $3, $4) as "end"',
      values,
    );
    return (row as { end: string }).end;
  }

  /** @returns the delivery; undefined where it is disabled */
  async test(id: string, requestId: string): Promise<string | undefined> {
    const [row] = await this.db.query<{ id: string | null }>('select app.test_webhook($1, $2) as id', [id, requestId]);
    return row?.id ?? undefined;
  }
}
