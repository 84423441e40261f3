import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Letters } from './letters.js';
import { type ClaimedMail, OutboxRepository } from './outbox.repository.js';
import { type Failure, failureOf } from './transports/failure.js';
import { MAIL_TRANSPORT, type MailTransport } from './transports/transport.js';
import { Trouble } from './trouble.js';

/** Mails that one process sends at once. */
export const MAILS_AT_ONCE = 5;
const POLL_MS = 2_000;
/** Shorter than the lease of a row: what is given up here is nobody else's yet. */
const SEND_MS = 60_000;
const DRAIN_MS = 5_000;

/**
 * Sends what was committed to the outbox. Every process has one; a row's lease keeps them off each other's mails. A mail is
 * gone from the table only after the server took it, so a crash in between sends it again, under the same Message-ID.
 */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Mail');
  private readonly database = new Trouble(this.logger, 'the outbox does not answer, mails wait');
  private readonly server = new Trouble(this.logger, 'mails do not go, and are tried again');
  private readonly stopped = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  /** taken by the server while the database did not answer: to be deleted, not to be sent again */
  private readonly taken = new Set<string>();
  private timer?: NodeJS.Timeout;
  private open = false;
  private wanted = false;
  private looking?: Promise<void>;

  constructor(
    private readonly rows: OutboxRepository,
    private readonly letters: Letters,
    @Inject(MAIL_TRANSPORT) private readonly transport: MailTransport | undefined,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.transport) return;
    this.open = true;
    this.timer = setInterval(() => this.nudge(), POLL_MS).unref();
    this.nudge();
  }

  /** Before the pools close: what is under way may end, what waits is left to others or to the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.open = false;
    clearInterval(this.timer);
    const timer = setTimeout(() => this.stopped.abort(), DRAIN_MS);
    await this.looking;
    await Promise.all(this.underWay);
    clearTimeout(timer);
    this.transport?.close();
  }

  /** Looks for mails that are due, now. */
  nudge(): void {
    if (!this.open) return;
    this.wanted = true;
    this.looking ??= this.look();
  }

  private async look(): Promise<void> {
    try {
      while (this.wanted && this.open) {
        this.wanted = false;
        await this.claimAndSend();
      }
      this.database.ends();
    } catch (error) {
      this.database.begins((error as Error).message);
    }
    this.looking = undefined; // in the same tick as the last look at `wanted`, so that no nudge falls between
  }

  private async claimAndSend(): Promise<void> {
    if (this.taken.size > 0) await this.forget(...this.taken);
    const free = MAILS_AT_ONCE - this.underWay.size;
    const claimed = free > 0 ? await this.rows.claim(free) : [];
    for (const mail of claimed) {
      const work = this.process(mail).finally(() => this.underWay.delete(work));
      this.underWay.add(work);
    }
  }

  /** Never throws: what fails stays in the table, leased, and comes back. */
  private async process(mail: ClaimedMail): Promise<void> {
    try {
      if (this.taken.has(mail.id)) await this.forget(mail.id);
      else if (mail.expired) await this.drop(mail);
      else await this.sendAndSettle(mail);
    } catch (error) {
      this.database.begins((error as Error).message);
    }
  }

  private async drop(mail: ClaimedMail): Promise<void> {
    await this.rows.remove([mail.id]);
    this.logger.warn(`${named(mail)} is dropped: its link expired before it was out`);
  }

  private async sendAndSettle(mail: ClaimedMail): Promise<void> {
    const failure = await this.send(mail);
    if (failure) return this.postpone(mail, failure);
    this.taken.add(mail.id);
    await this.forget(mail.id);
    this.logger.debug(`${named(mail)} is out`);
    this.server.ends();
    this.nudge(); // a success only: while the server is down, the poll asks often enough
  }

  private async send({ id, sealed }: ClaimedMail): Promise<Failure | undefined> {
    try {
      const limit = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(SEND_MS)]);
      await this.transport?.send(this.letters.open(id, sealed), limit);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  private async postpone(mail: ClaimedMail, { told, permanent, scope }: Failure): Promise<void> {
    if (scope === 'server') this.server.begins(told);
    const givenUp = await this.rows.postpone(mail, told, permanent);
    if (givenUp) this.logger.warn(`${named(mail)} is given up at attempt ${mail.attempts}: ${told}`);
    else this.logger.debug(`${named(mail)} did not go at attempt ${mail.attempts}: ${told}`);
  }

  private async forget(...ids: string[]): Promise<void> {
    await this.rows.remove(ids);
    for (const id of ids) this.taken.delete(id);
  }
}

/** Never by whom it is for, or what it says. */
const named = ({ id, template }: ClaimedMail): string => `mail ${id} (${template})`;
