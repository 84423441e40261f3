import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../../context/index.js';
import { notFound } from '../../../errors/index.js';
import { Cursors, type CursorScope, type Page } from '../../../route/index.js';
import { deliveryPending, webhookDisabled } from '../webhooks.problems.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { ListDeliveriesQuery } from './dto/requests.js';
import type { DeliveryDetails, DeliveryView } from './dto/responses.js';
import { WebhooksService } from './webhooks.service.js';

/** What was sent to an endpoint, and what became of it. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly webhooks: WebhooksService,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  /** @throws DomainError 404 for an endpoint that is not there */
  async list(webhookId: string, query: ListDeliveriesQuery): Promise<Page<DeliveryView>> {
    await this.webhooks.get(webhookId);
    const { status } = query;
    const scope: CursorScope = {
      tenantId: this.context.principal.tenantId ?? '',
      list: JSON.stringify(['deliveries', 'id desc', webhookId, status ?? null]),
    };
    return this.cursors.page(
      query,
      scope,
      (limit, before) => this.deliveries.list(webhookId, status, limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 */
  async get(webhookId: string, id: string): Promise<DeliveryDetails> {
    const delivery = await this.deliveries.find(webhookId, id);
    if (!delivery) throw notFound();
    return delivery;
  }

  /** @returns the delivery that it makes @throws DomainError 404, 409 for one under way, or of a disabled endpoint */
  async replay(webhookId: string, id: string): Promise<DeliveryDetails> {
    const made = await this.deliveries.replay(webhookId, id);
    if ('id' in made) return this.get(webhookId, made.id);
    if (made.refusal === 'webhook_disabled') throw webhookDisabled();
    throw deliveryPending();
  }
}
