import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../../context/index.js';
import { notFound, validationFailed } from '../../../errors/index.js';
import {
  Cursors,
  type CursorScope,
  type ExpectedVersions,
  isWebhookEvent,
  type Page,
  webhookEventCatalogue,
} from '../../../route/index.js';
import { Reachable } from '../sending/reachable.js';
import { WebhookSecrets } from '../webhook-secrets.js';
import { webhookUrl } from '../webhook-url.js';
import { eventTypeUnknown, tooManyWebhooks, webhookDisabled } from '../webhooks.problems.js';
import type { CreateWebhookRequest, UpdateWebhookRequest } from './dto/requests.js';
import type { CreatedWebhook, EventTypeView, RotatedSecret, VersionedWebhook, WebhookView } from './dto/responses.js';
import { WebhooksRepository } from './webhooks.repository.js';

@Injectable()
export class WebhooksService {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecrets,
    private readonly reachable: Reachable,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  eventTypes(): EventTypeView[] {
    return webhookEventCatalogue().map(({ code: type, description }) => ({ type, description }));
  }

  list(query: { limit: number; cursor?: string }): Promise<Page<WebhookView>> {
    const scope: CursorScope = { tenantId: this.context.principal.tenantId ?? '', list: 'webhooks by id desc' };
    return this.cursors.page(
      query,
      scope,
      (limit, before) => this.webhooks.list(limit, before),
      ({ id }) => id,
    );
  }

  /** @throws DomainError 404 */
  async get(id: string): Promise<VersionedWebhook> {
    const found = await this.webhooks.find(id);
    if (!found) throw notFound();
    return found;
  }

  /** @throws DomainError 400 for an event that there is not, 409 for too many, 422 for a URL that nothing is sent to */
  async create(request: CreateWebhookRequest): Promise<{ webhook: CreatedWebhook; version: number }> {
    assertEvents(request.events);
    const { events, description = '' } = request;
    const secret = this.secrets.draw();
    const url = webhookUrl(request.url, this.reachable);
    const id = await this.webhooks.create({ url, events, description }, secret);
    if (id === undefined) throw tooManyWebhooks();
    const { webhook, version } = await this.get(id);
    return { webhook: Object.assign(webhook, { secret: secret.secret }), version };
  }

  /** @throws DomainError 400, 404, 412 for another version, 422 for a URL that nothing is sent to */
  async update(id: string, change: UpdateWebhookRequest, versions: ExpectedVersions): Promise<VersionedWebhook> {
    if (Object.values(change).every((value) => value === undefined))
      throw validationFailed('Name at least one field to change.');
    if (change.events) assertEvents(change.events);
    const url = change.url === undefined ? undefined : webhookUrl(change.url, this.reachable);
    await this.webhooks.update(id, Object.assign(change, { url }), versions);
    return this.get(id);
  }

  /** @throws DomainError 404, 412 for another version */
  delete(id: string, versions: ExpectedVersions): Promise<void> {
    return this.webhooks.delete(id, versions);
  }

  /** A new secret, shown once. @throws DomainError 404 */
  async rotate(id: string, overlapSeconds: number): Promise<RotatedSecret> {
    const { secret, ...row } = this.secrets.draw();
    const previousUntil = await this.webhooks.rotate(id, overlapSeconds, { secret, ...row });
    return { secret, previousUntil };
  }

  /** @returns the id of the delivery @throws DomainError 404, 409 for one that is disabled */
  async test(id: string): Promise<string> {
    const delivery = await this.webhooks.test(id, this.context.state.requestId);
    if (delivery === undefined) throw webhookDisabled();
    return delivery;
  }
}

/** @throws DomainError 400 */
function assertEvents(events: readonly string[]): void {
  const unknown = events.find((event) => !isWebhookEvent(event));
  if (events.length === 0 || unknown !== undefined) {
    const message = unknown === undefined ? 'events must name at least one' : `events: there is no ${unknown}`;
    throw eventTypeUnknown(undefined, { errors: [{ field: 'events', message }] });
  }
}
