import { Injectable, Logger } from '@nestjs/common';
import { PlatformTask, type PlatformTaskRunner } from '../jobs/index.js';
import { dropped, named } from './mail-worker.js';
import { OutboxRepository } from './outbox.repository.js';

/** What would stay in the outbox for ever: mails whose link is dead while they wait, and mails that the queue lost. */
@PlatformTask('mail.sweep', '*/5 * * * *')
@Injectable()
export class MailSweeper implements PlatformTaskRunner {
  private readonly logger = new Logger('Mail');

  constructor(private readonly rows: OutboxRepository) {}

  async run(): Promise<void> {
    for (const mail of await this.rows.removeExpired()) this.logger.warn(dropped(mail));
    for (const mail of await this.rows.failLost('lost'))
      this.logger.warn(`${named(mail)} is given up: it is not in the queue any more`);
  }
}
