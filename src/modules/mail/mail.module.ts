import { Module } from '@nestjs/common';
import { Config, ConfigError } from '../../config/index.js';
import { QueueModule } from '../jobs/index.js';
import { Letters } from './letters.js';
import { MailSweeper } from './mail-sweeper.js';
import { MAILS_AT_ONCE, MailWorker } from './mail-worker.js';
import { Outbox } from './outbox.js';
import { OutboxRepository } from './outbox.repository.js';
import { FolderTransport } from './transports/folder.transport.js';
import { SmtpTransport } from './transports/smtp.transport.js';
import { MAIL_TRANSPORT, type MailTransport } from './transports/transport.js';

/** Mails, by way of an outbox in the database and its queue. */
@Module({
  imports: [QueueModule],
  providers: [
    Outbox,
    OutboxRepository,
    Letters,
    MailWorker,
    MailSweeper,
    { provide: MAIL_TRANSPORT, inject: [Config], useFactory: transportFor },
  ],
  exports: [Outbox],
})
export class MailModule {}

/**
 * SMTP where SMTP_URL says so, a folder in development. In tests without SMTP_URL there is no way out: nobody works on
 * the queue and mails stay in auth.mail_outbox, so that a test neither writes into the working copy nor prints.
 */
function transportFor(config: Config): MailTransport | undefined {
  if (config.env.SMTP_URL) return new SmtpTransport(config, MAILS_AT_ONCE);
  if (config.production) throw new ConfigError('SMTP_URL is missing (mails in a folder are for development).');
  return config.env.NODE_ENV === 'test' ? undefined : new FolderTransport(config);
}
