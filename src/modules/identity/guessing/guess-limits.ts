import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Config, KeyRing } from '../../../config/index.js';
import { networkOf } from '../../../context/index.js';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import { tooManyAttempts } from '../identity.problems.js';

/**
 * What is guessed at, or from where. `mail` and `mail_address` count mails asked for, for an inbox and from an address, so
 * that nobody's is flooded.
 */
export type GuessKind = keyof typeof STORED_AS;

/** In the table a kind of row; the keys differ by the kind here. */
const STORED_AS = {
  password: 'password',
  code: 'code',
  /** codes that a mail opened */
  code_opening: 'code',
  address: 'address',
  /** challenges that an address asked for without being anybody yet */
  challenge_address: 'address',
  /** mails to an inbox, asked for from one network */
  mail: 'mail',
  /** mails to an inbox, whoever asks */
  inbox: 'mail',
  mail_address: 'mail_address',
} as const;

export interface Target {
  kind: GuessKind;
  /** hash of the e-mail, the person's id or the address, under a key of the ring */
  key: Buffer;
}

export interface Settled {
  /** seconds until it opens again; undefined: the guess counts as what it is */
  lockedFor: number | undefined;
  /** whether this very guess locked it */
  justLocked: boolean;
}

interface Rule {
  limit: number;
  /** seconds: the first lock (each further one is twice as long), the longest, and when wrong guesses are forgotten */
  lock: number;
  longest: number;
  forget: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MAILS_PER_PERSON = 5;
/** A stranger's five must not be the ones that its owner then lacks; all strangers together must not flood it. */
const MAILS_PER_INBOX = 30;
const MAILS_PER_ADDRESS = 50;
const CHALLENGES_PER_ADDRESS = 1_000;

/**
 * Wrong guesses, counted over all pods (NIST SP 800-63B-4 section 3.2.2). A guess is settled after it was checked: fifty
 * at once get no more answers than fifty in a row.
 */
@Injectable()
export class GuessLimits {
  private readonly hashKey: Buffer;
  private readonly rules: Record<GuessKind, Rule>;

  constructor(
    { env }: Config,
    ring: KeyRing,
    private readonly db: AuthDb,
  ) {
    this.hashKey = ring.derive('guess-keys');
    const account = { limit: env.GUESSES_PER_ACCOUNT, lock: MINUTE, longest: HOUR, forget: DAY };
    const address = { limit: env.GUESSES_PER_ADDRESS, lock: MINUTE, longest: 15 * MINUTE, forget: 15 * MINUTE };
    this.rules = {
      password: account,
      code: account,
      code_opening: { limit: 1, lock: DAY, longest: DAY, forget: DAY },
      address,
      challenge_address: { ...address, limit: CHALLENGES_PER_ADDRESS },
      mail: { limit: MAILS_PER_PERSON, lock: HOUR, longest: HOUR, forget: HOUR },
      inbox: { limit: MAILS_PER_INBOX, lock: HOUR, longest: HOUR, forget: HOUR },
      mail_address: { ...address, limit: MAILS_PER_ADDRESS },
    };
  }

  /**
   * @param what a canonical e-mail, a person's id, or an IP address (IPv6: its /64 counts)
   * @param from the address it is asked for from, where that is counted apart
   */
  target(kind: GuessKind, what: string, from?: string): Target {
    const subject = kind.endsWith('address') ? networkOf(what) : what;
    const asker = from === undefined ? '' : `:${networkOf(from)}`;
    return { kind, key: createHmac('sha256', this.hashKey).update(`${kind}:${subject}${asker}`).digest() };
  }

  /** Before the work is done: spares the hashing of what is locked anyway. @throws DomainError 429 */
  async assertOpen(...targets: Target[]): Promise<void> {
    const seconds = await this.lockOf(this.db, ...targets);
    if (seconds !== undefined) throw lockedFor(seconds, targets[0]?.kind);
  }

  /**
   * For what many share, such as an address: a wrong guess counts, a right one opens nothing and is good only while it is
   * open. @returns seconds until it opens again; undefined: the guess counts as what it is
   */
  async settleUnlessRight(tx: AuthTransaction, target: Target, right: boolean): Promise<number | undefined> {
    return right ? this.lockOf(tx, target) : (await this.settle(tx, target, false)).lockedFor;
  }

  private async lockOf(tx: AuthTransaction, ...targets: Target[]): Promise<number | undefined> {
    const [row] = await tx.query<{ seconds: number | null }>(
      `select extract(epoch from max(g.locked_until) - clock_timestamp())::float8 as seconds
         from auth.guesses g join unnest($1::text[], $2::bytea[]) t (kind, key) on (g.kind, g.key) = (t.kind, t.key)
        where g.locked_until > clock_timestamp()`,
      [targets.map(({ kind }) => STORED_AS[kind]), targets.map(({ key }) => key)],
    );
    return row?.seconds ?? undefined;
  }

  /** After the work was done, in the transaction that uses its outcome. */
  async settle(tx: AuthTransaction, { kind, key }: Target, right: boolean): Promise<Settled> {
    const { limit, lock, longest, forget } = this.rules[kind];
    const [row] = await tx.query<{ locked_for: number | null; just_locked: boolean }>(
      `select locked_for, just_locked from auth.settle_guess($1, $2, $3, $4,
         make_interval(secs => $5), make_interval(secs => $6), make_interval(secs => $7))`,
      [STORED_AS[kind], key, right, limit, lock, longest, forget],
    );
    return { lockedFor: row?.locked_for ?? undefined, justLocked: row?.just_locked ?? false };
  }

  /** Forgets every wrong guess: the person proved by mail who they are. */
  async open(tx: AuthTransaction, ...targets: Target[]): Promise<void> {
    for (const { kind, key } of targets)
      await tx.query('delete from auth.guesses where kind = $1 and key = $2', [STORED_AS[kind], key]);
  }
}

/** The same words for an account that exists and one that does not. */
export const lockedFor = (seconds: number, kind: GuessKind = 'password'): Error =>
  tooManyAttempts(kind === 'mail_address' ? TOO_MANY_MAILS : TOO_MANY_GUESSES, {
    retryAfterSeconds: Math.ceil(seconds),
  });

const TOO_MANY_GUESSES = 'Too many wrong attempts. Wait, or follow the link in the mail.';
const TOO_MANY_MAILS = 'Too many mails were asked for from this address. Wait.';
