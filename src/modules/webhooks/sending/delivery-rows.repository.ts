import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import type { SealedSecret } from '../webhook-secrets.js';
import { ATTEMPTS } from './schedule.js';
import type { Sent } from './sender.js';

/** Which delivery of which tenant, as the queue says. */
export interface DeliveryName {
  tenantId: string;
  deliveryId: string;
}

/** An endpoint of a tenant. */
export interface WebhookName {
  tenantId: string;
  webhookId: string;
}

/** Why one was disabled without anybody's doing. */
export type DisabledBy = 'gone' | 'failing' | 'backlog';

/** What there is to be sent, and for which attempt. */
export interface DeliveryRun {
  refusal: null;
  attempt: number;
  webhookId: string;
  messageId: string;
  payload: { type: string; timestamp: string; data: object };
  url: string;
  /** the newest first; null: its secrets are gone */
  secrets: SealedSecret[] | null;
}

/** Nothing to send: at all, or for so many seconds. */
export interface NoRun {
  refusal: 'over' | 'tenant_suspended' | 'early';
  waitSeconds: number | null;
}

export interface Contact {
  email: string;
  tenant: string;
  url: string;
}

/** An endpoint that fails for so long, without one success, is disabled. */
const FAILING_FOR = '3 days';

/** One with a full backlog whose oldest delivery waits for so long cannot keep up. */
const BEHIND = '10 minutes';

/** Statements about deliveries, as ringfence_auth: the functions of migrations/0035. */
@Injectable()
export class DeliveryRows {
  constructor(private readonly db: AuthDb) {}

  async begin({ tenantId, deliveryId }: DeliveryName): Promise<DeliveryRun | NoRun> {
    const [row] = await this.db.query<DeliveryRun | NoRun>(
      `select attempt, webhook_id as "webhookId", message_id as "messageId", payload, url, secrets,
              wait_seconds as "waitSeconds", refusal from auth.begin_delivery($1, $2, $3)`,
      [tenantId, deliveryId, ATTEMPTS],
    );
    return row ?? { refusal: 'over', waitSeconds: null };
  }

  /**
   * Says how an attempt ended.
   * @param wait seconds until the next one; undefined: there is none
   * @returns why its endpoint is disabled by this, if it is
   */
  async finish(
    tx: AuthTransaction,
    { tenantId, deliveryId }: DeliveryName,
    { attempt }: DeliveryRun,
    { status, error, durationMs }: Sent,
    wait: number | undefined,
  ): Promise<'gone' | 'failing' | undefined> {
    const [row] = await tx.query<{ disabled: 'gone' | 'failing' | null }>(
      'select auth.finish_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9::interval) as disabled',
      [
        tenantId,
        deliveryId,
        attempt,
        error === undefined,
        status ?? null,
        error ?? null,
        durationMs,
        wait ?? null,
        FAILING_FOR,
      ],
    );
    return row?.disabled ?? undefined;
  }

  async putOff({ tenantId, deliveryId }: DeliveryName, { attempt }: DeliveryRun): Promise<void> {
    await this.db.query('select auth.put_off_delivery($1, $2, $3)', [tenantId, deliveryId, attempt]);
  }

  /** Who is to be told that it is disabled; nobody, when somebody was within a day. */
  contacts(tx: AuthTransaction, { tenantId, webhookId }: WebhookName): Promise<Contact[]> {
    return tx.query<Contact>('select email, tenant_name as tenant, url from auth.webhook_contacts($1, $2)', [
      tenantId,
      webhookId,
    ]);
  }

  /**
   * Fails all that waits for one endpoint that is disabled, or that cannot keep up and is disabled by this.
   * @returns undefined: there is none
   */
  async clearBacklog(tx: AuthTransaction): Promise<(WebhookName & { disabled: boolean }) | undefined> {
    const [row] = await tx.query<WebhookName & { disabled: boolean | null }>(
      `select tenant_id as "tenantId", webhook_id as "webhookId", disabled from auth.clear_backlog($1::interval)`,
      [BEHIND],
    );
    return row && row.disabled !== null ? { ...row, disabled: row.disabled } : undefined;
  }

  transaction<T>(work: (tx: AuthTransaction) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  /** @param keep a PostgreSQL interval @returns how many messages went */
  async sweep(keep: string, atOnce: number): Promise<number> {
    const [row] = await this.db.query<{ n: string }>('select auth.sweep_webhooks($1::interval, $2) as n', [
      keep,
      atOnce,
    ]);
    return Number(row?.n ?? 0);
  }

  async waiting(): Promise<{ deliveries: number; oldestSeconds: number }> {
    const [row] = await this.db.query<{ deliveries: string; oldest: number }>(
      'select deliveries, oldest_seconds as oldest from auth.webhook_counts()',
    );
    return { deliveries: Number(row?.deliveries ?? 0), oldestSeconds: Math.max(0, row?.oldest ?? 0) };
  }
}
