import { Webhook } from 'standardwebhooks';
import type { Answer, TestApp } from './app.js';
import type { TestDatabase } from './database.js';
import { grantTo } from './grant.js';
import { runDueJobs, withAdmin } from './jobs.js';
import type { Received } from './receiver.js';
import type { Tenant } from './world.js';

/** Receivers of tests listen here. */
export const ALLOWED = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32' };

interface Stage {
  app: TestApp;
  db: TestDatabase;
}

/** A delivery as its row has it. */
export interface DeliveryRow {
  id: string;
  message_id: string;
  status: string;
  attempts: number;
  response_status: number | null;
  error_code: string | null;
  /** seconds until the next attempt */
  due: number | null;
}

export class WebhookCalls {
  constructor(private readonly stage: Stage) {}

  async token({ id, users }: Tenant, aal: 1 | 2 = 2): Promise<string> {
    const { app, db } = this.stage;
    return (await grantTo(app, db, users.admin.id, { aal, tenant: id })).accessToken;
  }

  async make(tenant: Tenant, url: string, events = ['deal.created']): Promise<Answer> {
    return this.stage.app.call('POST', '/v1/webhooks', { token: await this.token(tenant), body: { url, events } });
  }

  /** @returns the answer's request id */
  async deal(tenant: Tenant, title = 'Told'): Promise<{ id: string; requestId: string }> {
    const body = { title, amount: '1', currency: 'EUR' };
    const { app } = this.stage;
    const made = await app.call('POST', '/v1/deals', { token: await this.token(tenant), body });
    if (made.status !== 201) throw new Error(`no deal: ${made.text}`);
    return { id: made.body.id, requestId: made.headers.get('x-request-id') ?? '' };
  }

  /** Sends what is due. */
  run(): Promise<void> {
    return runDueJobs(this.stage.app, ['webhook']);
  }

  /** What time does to those that wait, without the waiting. */
  async makeDue(): Promise<void> {
    const { db } = this.stage;
    await withAdmin(db, `update pgboss.job set start_after = now() - interval '1 second' where name = 'webhook'`);
    await withAdmin(db, `update app.webhook_deliveries set next_attempt_at = now() where status = 'pending'`);
  }

  deliveries(webhookId: string): Promise<DeliveryRow[]> {
    return withAdmin<DeliveryRow>(
      this.stage.db,
      `select id, message_id, status, attempts, response_status, error_code,
              extract(epoch from next_attempt_at - now())::float8 as due
         from app.webhook_deliveries where webhook_id = $1 order by id`,
      [webhookId],
    );
  }
}

/** As a receiver does it. @throws WebhookVerificationError */
export const verified = (secret: string, { body, headers }: Received): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
