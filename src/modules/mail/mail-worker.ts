import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Trouble } from '../../upkeep/index.js';
import { type QueueMessage, Queues } from '../jobs/index.js';
import { Letters } from './letters.js';
import { type MailName, OutboxRepository, type WaitingMail } from './outbox.repository.js';
import { type Failure, failureOf } from './transports/failure.js';
import { MAIL_TRANSPORT, type MailTransport } from './transports/transport.js';

export const MAIL_QUEUE = 'mail';
/** Mails that one process sends at once. */
export const MAILS_AT_ONCE = 5;
/** Of those that one tenant's people caused, over all processes. */
const OF_ONE_TENANT = 2;
const POLL_SECONDS = 2;
/** Shorter than the queue's expireInSeconds (migration 0032): what is given up here is nobody else's yet. */
const SEND_MS = 60_000;
const DRAIN_MS = 5_000;
const FORGET_AGAIN_MS = 1_000;

/**
 * Sends what was committed to the outbox, as the queue hands it out. A mail is gone from the table only after the server took
 * it, so a crash in between sends it again, under the same Message-ID.
 */
@Injectable()
export class MailWorker implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger('Mail');
  private readonly database = new Trouble(this.logger, 'the outbox does not answer, mails wait');
  private readonly server = new Trouble(this.logger, 'mails do not go, and are tried again');
  private readonly leaving = new AbortController();
  private readonly stopped = new AbortController();
  /** taken by the server while the database did not answer: to be deleted, not to be sent again */
  private readonly taken = new Set<string>();

  constructor(
    private readonly rows: OutboxRepository,
    private readonly letters: Letters,
    private readonly queues: Queues,
    @Inject(MAIL_TRANSPORT) private readonly transport: MailTransport | undefined,
  ) {}

  onModuleInit(): void {
    if (!this.transport) return;
    const options = {
      name: MAIL_QUEUE,
      concurrency: MAILS_AT_ONCE,
      perGroup: OF_ONE_TENANT,
      pollSeconds: POLL_SECONDS,
    };
    this.queues.handle(options, (message) => this.deliver(message));
  }

  /** Before the queues drain, who wait for longer than a mail is worth. */
  onModuleDestroy(): void {
    this.leaving.abort();
    setTimeout(() => this.stopped.abort(), DRAIN_MS).unref();
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }

  /** Asks for mails now instead of at the next poll. */
  nudge(): void {
    this.queues.nudge(MAIL_QUEUE);
  }

  /** @throws Error when the mail is to be tried again */
  private async deliver({ data, attempt, lastAttempt, signal }: QueueMessage): Promise<void> {
    const id = String(data['mailId']);
    let failure: Failure | undefined;
    try {
      if (this.taken.size > 0) await this.forgetTaken();
      const mail = await this.rows.find(id);
      if (mail?.expired) await this.drop(mail);
      else if (mail) failure = await this.sendAndSettle(mail, attempt, lastAttempt, signal);
      this.database.isOver();
    } catch (error) {
      this.database.goesOn((error as Error).message);
      throw error;
    }
    if (failure) throw new MailNotSentError(failure.told);
  }

  private async drop(mail: MailName): Promise<void> {
    await this.rows.remove([mail.id]);
    this.logger.warn(dropped(mail));
  }

  /** @returns why it is to be tried again */
  private async sendAndSettle(
    mail: WaitingMail,
    attempt: number,
    lastAttempt: boolean,
    signal: AbortSignal,
  ): Promise<Failure | undefined> {
    const failure = await this.send(mail, signal);
    if (failure) return this.fail(mail, failure, attempt, lastAttempt);
    await this.forget(mail.id, AbortSignal.any([signal, this.leaving.signal]));
    this.logger.debug(`${named(mail)} is out`);
    this.server.isOver();
    return undefined;
  }

  private async send({ id, sealed }: WaitingMail, signal: AbortSignal): Promise<Failure | undefined> {
    try {
      const limit = AbortSignal.any([signal, this.stopped.signal, AbortSignal.timeout(SEND_MS)]);
      await this.transport?.send(this.letters.open(id, sealed), limit);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  private async fail(
    mail: WaitingMail,
    failure: Failure,
    attempt: number,
    lastAttempt: boolean,
  ): Promise<Failure | undefined> {
    const { told, permanent, scope } = failure;
    if (scope === 'server') this.server.goesOn(told);
    const givenUp = permanent || lastAttempt;
    await this.rows.fail(mail.id, told, givenUp);
    if (givenUp) this.logger.warn(`${named(mail)} is given up at attempt ${attempt}: ${told}`);
    else this.logger.debug(`${named(mail)} did not go at attempt ${attempt}: ${told}`);
    return givenUp ? undefined : failure;
  }

  /** Until the row is gone: the server has the mail, and whoever finds the row sends it again. */
  private async forget(id: string, signal: AbortSignal): Promise<void> {
    this.taken.add(id);
    for (;;) {
      try {
        return await this.forgetTaken();
      } catch (error) {
        if (signal.aborted) throw error;
        this.database.goesOn((error as Error).message);
        await sleep(FORGET_AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  private async forgetTaken(): Promise<void> {
    const ids = [...this.taken];
    await this.rows.remove(ids);
    for (const id of ids) this.taken.delete(id);
  }
}

/** Not out, for now. */
class MailNotSentError extends Error {
  override name = 'MailNotSentError';
}

export const named = ({ id, template }: MailName): string => `mail ${id} (${template})`;
export const dropped = (mail: MailName): string => `${named(mail)} is dropped: its link expired before it was out`;
