import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import pLimit, { type LimitFunction } from 'p-limit';
import { Config } from '../../../config/index.js';
import { unavailable } from '../../../errors/index.js';

/** OWASP's argon2id parameters: 19 MiB, two passes. About 20 ms of one core. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const MAX_WAITING = 200;

/** argon2id off the event loop, a few at a time, so that a storm of sign-ins does not starve everybody else. */
@Injectable()
export class PasswordHasher {
  private readonly limit: LimitFunction;
  /** what an unknown account's password is compared with; made ahead, so that the first such sign-in is no slower */
  private readonly decoy = hash('a password nobody has', PARAMETERS);

  constructor(config: Config) {
    this.limit = pLimit(config.env.PASSWORD_HASH_CONCURRENCY);
  }

  /** @throws DomainError 503 when too many are waiting */
  hash(password: string): Promise<string> {
    return this.queued(() => hash(password.normalize('NFC'), PARAMETERS));
  }

  /**
   * Compares in the same time whether or not there is a hash to compare with: an unknown account costs what a known one
   * does. @throws DomainError 503 when too many are waiting
   */
  async matches(password: string, stored: string | null | undefined): Promise<boolean> {
    const against = stored ?? (await this.decoy);
    const equal = await this.queued(() => verify(against, password.normalize('NFC')));
    return equal && typeof stored === 'string';
  }

  private queued<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= MAX_WAITING)
      throw unavailable('sign_in_busy', 'Too many sign-ins at once. Try again shortly.');
    return this.limit(work);
  }
}
