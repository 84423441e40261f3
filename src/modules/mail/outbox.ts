import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { AuthTransaction } from '../../database/index.js';
import { Letters } from './letters.js';
import type { Mail } from './mail.js';
import { MailWorker } from './mail-worker.js';
import { OutboxRepository } from './outbox.repository.js';

interface EnqueueOptions {
  /** false: does the same work and writes nothing, so that an unknown address costs what a known one does */
  when?: boolean;
  /** a mail that is not out by then is dropped: its link is dead */
  expiresInSeconds?: number;
}

/** A mail for a row that somebody else writes: a function of the database, in the transaction of a tenant. */
export interface SealedMail {
  /** the row's: it opens in no other */
  id: string;
  sealed: string;
}

/** Mails that leave with the caller's transaction: after its COMMIT, never after a rollback, and at least once. */
@Injectable()
export class Outbox {
  constructor(
    private readonly rows: OutboxRepository,
    private readonly letters: Letters,
    private readonly worker: MailWorker,
  ) {}

  /** @param to one address in its canonical spelling; the database refuses what is not one */
  async enqueue(tx: AuthTransaction, to: string, mail: Mail, options: EnqueueOptions = {}): Promise<void> {
    const { when = true, expiresInSeconds } = options;
    const id = await this.rows.drawId(tx);
    const sealed = this.letters.seal(id, to, mail);
    const row = { id, recipient: to, template: mail.template, sealed, expiresIn: expiresInSeconds };
    await this.rows.add(tx, row, when);
  }

  /** @param to one address in its canonical spelling, which the row must name too */
  seal(to: string, mail: Mail): SealedMail {
    const id = randomUUID();
    return { id, sealed: this.letters.seal(id, to, mail) };
  }

  /** After the commit: this process looks at once, if it works on queues. Without it, some process finds the mail within two seconds. */
  nudge(): void {
    this.worker.nudge();
  }
}
