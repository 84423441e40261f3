import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { Config } from '../../../config/index.js';
import { describeError } from '../../../errors/index.js';
import { Trouble } from '../../../upkeep/index.js';
import { DeferredError, type QueueMessage, Queues } from '../../jobs/index.js';
import { WebhookSecrets } from '../webhook-secrets.js';
import { type DeliveryName, DeliveryRows, type DeliveryRun } from './delivery-rows.repository.js';
import { DisabledMails } from './disabled-mails.js';
import { pauseAfter } from './schedule.js';
import { Sender, type Sent } from './sender.js';
import { WebhookMetrics } from './webhook-metrics.js';

export const WEBHOOK_QUEUE = 'webhook';
const POLL_SECONDS = 2;

/**
 * Sends what was committed, as the queue hands it out. No transaction is open while it sends. A worker that ends in between
 * leads to a second copy under the same id, by which receivers tell it.
 */
@Injectable()
export class WebhookWorker implements OnModuleInit {
  private readonly logger = new Logger('Webhooks');
  private readonly database = new Trouble(this.logger, 'the database does not answer, webhooks wait');
  /** Never over: that others can be read says nothing of these. */
  private readonly ring = new Trouble(this.logger, 'secrets of webhooks cannot be read, their messages fail');

  constructor(
    private readonly config: Config,
    private readonly queues: Queues,
    private readonly rows: DeliveryRows,
    private readonly secrets: WebhookSecrets,
    private readonly sender: Sender,
    private readonly mails: DisabledMails,
    private readonly metrics: WebhookMetrics,
  ) {}

  onModuleInit(): void {
    const { WEBHOOK_CONCURRENCY: concurrency, WEBHOOK_PER_TENANT: perGroup } = this.config.env;
    const options = { name: WEBHOOK_QUEUE, concurrency, perGroup, pollSeconds: POLL_SECONDS };
    this.queues.handle(options, (message) => this.deliver(message));
  }

  /** @throws DeferredError when it is to be tried again; any other error: how it went could not be written down */
  private async deliver({ data, signal }: QueueMessage): Promise<void> {
    const name = { tenantId: String(data['tenantId']), deliveryId: String(data['deliveryId']) };
    const wait = await this.attempt(name, signal).catch((error: unknown) => {
      if (!signal.aborted) this.database.goesOn((error as Error).message);
      throw error;
    });
    this.database.isOver();
    if (wait !== undefined) throw new DeferredError(wait);
  }

  /** @returns seconds until it is to be tried again */
  private async attempt(name: DeliveryName, signal: AbortSignal): Promise<number | undefined> {
    const run = await this.rows.begin(name);
    if (run.refusal !== null) return run.waitSeconds ?? undefined;
    const body = JSON.stringify(bodyOf(run));
    const headers = this.headersFor(run, body);
    if (!headers) return this.settle(name, run, { error: 'secret_unreadable', durationMs: 0 });
    const sent = await this.sender.post(run.url, headers, body, signal).catch(async (error: unknown) => {
      await this.rows.putOff(name, run); // the process stops: this attempt was none
      throw error;
    });
    return this.settle(name, run, sent);
  }

  private async settle(name: DeliveryName, run: DeliveryRun, sent: Sent): Promise<number | undefined> {
    const gone = sent.status === 410;
    const wait = sent.error && !gone ? pauseAfter(run.attempt, patienceOf(sent)) : undefined;
    const disabled = await this.rows.transaction(async (tx) => {
      const reason = await this.rows.finish(tx, name, run, sent, wait);
      if (reason) await this.mails.write(tx, { ...name, ...run }, reason);
      return reason;
    });
    this.metrics.attempt(outcomeOf(sent, wait), sent.durationMs);
    this.logger.debug(`delivery ${name.deliveryId}, attempt ${run.attempt}: ${sent.error ?? 'delivered'}`);
    if (disabled) this.mails.send(disabled);
    return wait;
  }

  /** Each secret that counts signs, so that a receiver may know either. @returns undefined when none can be read */
  private headersFor({ messageId, secrets }: DeliveryRun, body: string): Record<string, string> | undefined {
    const now = new Date();
    try {
      const signatures = (secrets ?? []).map((one) => new Webhook(this.secrets.open(one)).sign(messageId, now, body));
      if (signatures.length === 0) throw new Error('an endpoint has no secret');
      return {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'Ringfence-Webhooks/1',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signatures.join(' '),
      };
    } catch (error) {
      this.ring.goesOn(describeError(error).message);
      return undefined;
    }
  }
}

/** In one order of members, whatever order jsonb has. */
const bodyOf = ({ payload: { type, timestamp, data } }: DeliveryRun): object => ({ type, timestamp, data });

/** Where the receiver may ask for it: it is overloaded, or down for a while. */
const patienceOf = ({ status, retryAfter }: Sent): number | undefined =>
  status === 429 || status === 503 ? retryAfter : undefined;

function outcomeOf({ error }: Sent, wait: number | undefined): 'delivered' | 'retried' | 'failed' {
  if (error === undefined) return 'delivered';
  return wait === undefined ? 'failed' : 'retried';
}
