import { ApiProperty } from '@nestjs/swagger';
import { DELIVERY_STATUSES, type DeliveryStatus, WEBHOOK_STATUSES, type WebhookStatus } from './requests.js';

export const DISABLED_REASONS = ['by_hand', 'gone', 'failing', 'backlog'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

export class EventTypeView {
  @ApiProperty({ example: 'deal.created' }) type!: string;
  @ApiProperty({ example: 'Made a deal' }) description!: string;
}

export class EventTypeList {
  @ApiProperty({ type: [EventTypeView] }) items!: EventTypeView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: these are all.' }) nextCursor!: string | null;
}

export class WebhookView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'https://hooks.partner.example/ringfence' }) url!: string;
  @ApiProperty({ type: [String], example: ['deal.created', 'deal.updated'] }) events!: string[];
  @ApiProperty({ example: 'CRM, production' }) description!: string;
  @ApiProperty({ enum: WEBHOOK_STATUSES }) status!: WebhookStatus;
  @ApiProperty({
    type: String,
    enum: [...DISABLED_REASONS, null],
    nullable: true,
    description: 'gone: it answered 410. failing: nothing arrived there for three days. backlog: it did not keep up.',
  })
  disabledReason!: DisabledReason | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since the first failure that no success followed.',
  })
  failingSince!: string | null;
  @ApiProperty({ format: 'uuid', description: 'Who made it.' }) createdBy!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;
}

export class CreatedWebhook extends WebhookView {
  @ApiProperty({ example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', description: 'Signs; shown once.' })
  secret!: string;
}

export class RotatedSecret {
  @ApiProperty({ example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', description: 'Signs; shown once.' })
  secret!: string;
  @ApiProperty({ format: 'date-time', description: 'Until when the secret from before signs, too.' })
  previousUntil!: string;
}

export class WebhookPage {
  @ApiProperty({ type: [WebhookView] }) items!: WebhookView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

export class DeliveryView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) webhookId!: string;
  @ApiProperty({ format: 'uuid', description: 'The header webhook-id: the same in retries and replays.' })
  messageId!: string;
  @ApiProperty({ example: 'deal.created' }) type!: string;
  @ApiProperty({ enum: DELIVERY_STATUSES }) status!: DeliveryStatus;
  @ApiProperty({ type: 'integer', description: 'Attempts so far; eight at most.' }) attempts!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) lastAttemptAt!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status of the last answer.' })
  responseStatus!: number | null;
  @ApiProperty({ type: String, nullable: true, example: 'timeout', description: 'Why the last attempt failed.' })
  errorCode!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Of the last attempt, milliseconds.' })
  durationMs!: number | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: there is none.' })
  nextAttemptAt!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

export class DeliveryPage {
  @ApiProperty({ type: [DeliveryView] }) items!: DeliveryView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

export class WebhookPayloadData {
  @ApiProperty({ format: 'uuid' }) tenantId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'deal' }) targetType!: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) targetId!: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) actorId!: string | null;
  @ApiProperty({ example: 'user' }) actorType!: string;
  @ApiProperty({ type: String, nullable: true, description: 'X-Request-Id of what was done.' }) requestId!:
    string | null;
}

/** The body that a receiver gets. */
export class WebhookPayload {
  @ApiProperty({ example: 'deal.created' }) type!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was done.' }) timestamp!: string;
  @ApiProperty({ type: WebhookPayloadData }) data!: WebhookPayloadData;
}

export class DeliveryDetails extends DeliveryView {
  @ApiProperty({ type: WebhookPayload }) payload!: WebhookPayload;
}

/** A webhook as it is shown, with the version that its ETag says. */
export interface VersionedWebhook {
  webhook: WebhookView;
  version: number;
}
