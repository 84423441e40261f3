import { Module } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { QueueModule } from '../jobs/index.js';
import { Letters } from './letters.js';
import { MailSweeper } from './mail-sweeper.js';
import { MailWorker } from './mail-worker.js';
import { Outbox } from './outbox.js';
import { OutboxRepository } from './outbox.repository.js';
import { mailTransport } from './transports/index.js';
import { MAIL_TRANSPORT } from './transports/transport.js';

/** Mails, by way of an outbox in the database and its queue. */
@Module({
  imports: [QueueModule],
  providers: [
    Outbox,
    OutboxRepository,
    Letters,
    MailWorker,
    MailSweeper,
    { provide: MAIL_TRANSPORT, inject: [Config], useFactory: mailTransport },
  ],
  exports: [Outbox],
})
export class MailModule {}
