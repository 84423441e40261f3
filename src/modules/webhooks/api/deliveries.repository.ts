import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../../database/index.js';
import type { DeliveryDetails, DeliveryView } from './dto/responses.js';

/** Why a delivery is not replayed. */
export type ReplayRefusal = 'webhook_disabled' | 'delivery_pending';

const VIEW = `d.id, d.webhook_id as "webhookId", d.message_id as "messageId", m.type, d.status, d.attempts,
  d.last_attempt_at as "lastAttemptAt", d.response_status as "responseStatus", d.error_code as "errorCode",
  d.duration_ms as "durationMs", d.next_attempt_at as "nextAttemptAt", d.created_at as "createdAt"`;
const FROM =
  'app.webhook_deliveries d join app.webhook_messages m on m.tenant_id = d.tenant_id and m.id = d.message_id';

/** Statements on deliveries: the fence adds the tenant. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  list(webhookId: string, status: string | undefined, limit: number, before?: string): Promise<DeliveryView[]> {
    const values: unknown[] = [limit, webhookId];
    const conditions = Object.entries({ 'd.status =': status, 'd.id <': before })
      .filter(([, value]) => value !== undefined)
      .map(([condition, value]) => ` and ${condition} $${values.push(value)}`);
    return this.db.query(
      `select ${VIEW} from ${FROM} where d.webhook_id = $2${conditions.join('')} order by d.id desc limit $1`,
      values,
    );
  }

  async find(webhookId: string, id: string): Promise<DeliveryDetails | undefined> {
    const [row] = await this.db.query<DeliveryDetails>(
      `select ${VIEW}, m.payload from ${FROM} where d.webhook_id = $1 and d.id = $2`,
      [webhookId, id],
    );
    return row;
  }

  async replay(webhookId: string, id: string): Promise<{ id: string } | { refusal: ReplayRefusal }> {
    const [row] = await this.db.query<{ id: string; refusal: ReplayRefusal | null }>(
      'select id, refusal from app.replay_webhook_delivery($1, $2)',
      [webhookId, id],
    );
    const { refusal, id: made } = row as { id: string; refusal: ReplayRefusal | null };
    return refusal ? { refusal } : { id: made };
  }
}
