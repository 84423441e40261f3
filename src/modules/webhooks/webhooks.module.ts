import { Module } from '@nestjs/common';
import { QueueModule } from '../jobs/index.js';
import { MailModule } from '../mail/index.js';
import { DeliveriesController } from './api/deliveries.controller.js';
import { DeliveriesRepository } from './api/deliveries.repository.js';
import { DeliveriesService } from './api/deliveries.service.js';
import { WebhooksController } from './api/webhooks.controller.js';
import { WebhooksRepository } from './api/webhooks.repository.js';
import { WebhooksService } from './api/webhooks.service.js';
import { BacklogSweeper } from './sending/backlog-sweeper.js';
import { DeliveryRows } from './sending/delivery-rows.repository.js';
import { DisabledMails } from './sending/disabled-mails.js';
import { Names } from './sending/names.js';
import { Reachable } from './sending/reachable.js';
import { Sender } from './sending/sender.js';
import { WebhookMetrics } from './sending/webhook-metrics.js';
import { WebhookSweeper } from './sending/webhook-sweeper.js';
import { WebhookWorker } from './sending/webhook-worker.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** What is done in a tenant, told to its partners by HTTP (Standard Webhooks). */
@Module({
  imports: [QueueModule, MailModule],
  controllers: [WebhooksController, DeliveriesController],
  providers: [
    WebhooksService,
    WebhooksRepository,
    DeliveriesService,
    DeliveriesRepository,
    WebhookSecrets,
    Reachable,
    Names,
    Sender,
    DeliveryRows,
    WebhookWorker,
    WebhookSweeper,
    BacklogSweeper,
    DisabledMails,
    WebhookMetrics,
  ],
})
export class WebhooksModule {}
