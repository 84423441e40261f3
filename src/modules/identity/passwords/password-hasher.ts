import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Config } from '../../../config/index.js';
import { signInBusy } from '../identity.problems.js';
import { HashProcess } from './hash-process.js';
import type { HashAnswer, HashTask } from './hash-worker.js';

/** OWASP's argon2id parameters: 19 MiB, two passes. About 20 ms of one core. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How a hash that is made today begins, up to its salt (PHC string format). */
const PREFIX = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`;

/** argon2id off the event loop and behind everything else, so that a storm of sign-ins does not starve everybody else. */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly process: HashProcess;
  private readonly places: number;
  private pending = 0;
  /** what an unknown account's password is compared with: nobody's, with today's parameters */
  private readonly decoy = `${PREFIX}${unpadded(16)}$${unpadded(32)}`;

  constructor({ env }: Config) {
    const given: Partial<typeof env> = env; // tools construct it without a whole configuration
    const threads = given.PASSWORD_HASH_CONCURRENCY ?? 1;
    this.process = new HashProcess(threads);
    this.places = threads + (given.PASSWORD_HASH_QUEUE ?? 200);
  }

  /** After the last request has been answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.process.close();
  }

  /** @returns a PHC string @throws DomainError 503 when too many are waiting */
  async hash(password: string): Promise<string> {
    return (await this.queued(password)) as string;
  }

  /**
   * Compares in the same time whether or not there is a hash to compare with: an unknown account costs what a known one
   * does. @throws DomainError 503 when too many are waiting
   */
  async matches(password: string, stored: string | null | undefined): Promise<boolean> {
    const equal = await this.queued(password, stored ?? this.decoy);
    return equal === true && typeof stored === 'string';
  }

  /** Whether a PHC string was made by another algorithm or version, or with other parameters, than today's. */
  needsRehash(stored: string): boolean {
    return !stored.startsWith(PREFIX);
  }

  protected compute(task: HashTask): Promise<HashAnswer> {
    return this.process.run(task);
  }

  /** No message of here holds anything of the task: errors reach logs. */
  private async queued(password: string, stored?: string): Promise<string | boolean> {
    if (this.pending >= this.places) throw signInBusy();
    this.pending += 1;
    try {
      const answer = await this.compute({ password: password.normalize('NFC'), stored, parameters: PARAMETERS });
      if (answer === undefined) throw new Error('a password could not be hashed, or its stored hash is not one');
      return answer;
    } finally {
      this.pending -= 1;
    }
  }
}

/** Random bytes as PHC strings have them: base64 without padding (section B64). */
function unpadded(bytes: number): string {
  return randomBytes(bytes).toString('base64').replace(/=+$/, '');
}
