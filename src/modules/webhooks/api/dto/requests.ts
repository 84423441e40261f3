import { ChoiceField, PageQuery, TextField, UuidField, WholeNumberField, WordsField } from '../../../../route/index.js';

export const WEBHOOK_STATUSES = ['active', 'disabled'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const URL_FIELD = {
  max: 2000,
  example: 'https://hooks.partner.example/ringfence',
  description: 'https, of a host with a public address; no user name, password or fragment.',
};
const EVENTS_FIELD = {
  max: 100,
  pattern: /^[a-z_]+\.[a-z_]+$/,
  form: 'an event type like "deal.created"',
  example: ['deal.created', 'deal.updated'],
  description: 'At least one, of GET /v1/webhooks/event-types.',
};
const DESCRIPTION_FIELD = { min: 0, max: 200, optional: true, example: 'CRM, production' };

export class CreateWebhookRequest {
  @TextField(URL_FIELD)
  url!: string;

  @WordsField(EVENTS_FIELD)
  events!: string[];

  @TextField(DESCRIPTION_FIELD)
  description?: string;
}

/** What changes; at least one field. */
export class UpdateWebhookRequest {
  @TextField({ ...URL_FIELD, optional: true })
  url?: string;

  @WordsField({ ...EVENTS_FIELD, optional: true })
  events?: string[];

  @TextField(DESCRIPTION_FIELD)
  description?: string;

  @ChoiceField(WEBHOOK_STATUSES, { optional: true, description: 'active forgets that it failed.' })
  status?: WebhookStatus;
}

export class RotateWebhookSecretRequest {
  @WholeNumberField({
    min: 0,
    max: 604_800,
    optional: true,
    default: 86_400,
    example: 86_400,
    description: 'How long the secret that signed until now signs beside the new one, seconds.',
  })
  overlapSeconds: number = 86_400;
}

export class WebhookPath {
  @UuidField({ description: 'The webhook.' })
  id!: string;
}

export class DeliveryPath extends WebhookPath {
  @UuidField({ description: 'The delivery, to that webhook.' })
  deliveryId!: string;
}

export class ListDeliveriesQuery extends PageQuery {
  @ChoiceField(DELIVERY_STATUSES, { optional: true, description: 'Only those.' })
  status?: DeliveryStatus;
}
