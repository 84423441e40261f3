import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Piscina } from 'piscina';
import { Config } from '../../../config/index.js';
import { unavailable } from '../../../errors/index.js';
import { type HashAnswer, type HashTask, PREFIX } from './hash-worker.js';

const WORKER = new URL(import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js', import.meta.url).href;

/**
 * How far the hashing threads stand back from everything else on their cores. Linux alone keeps a niceness for each
 * thread; elsewhere it would slow down the whole process.
 */
const NICENESS = process.platform === 'linux' ? 19 : 0;
/** how long a thread that has nothing to do is kept: starting one takes about 50 ms */
const IDLE_MS = 60_000;

/**
 * argon2id on a few threads of low priority, so that a storm of sign-ins does not starve everybody else (docs/adr/0009).
 * The threads start with the first password, never keep a process from ending, and go when nobody signs in.
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly log = new Logger('PasswordHasher');
  private readonly threads: number;
  private readonly queue: number;
  /** what an unknown account's password is compared with: nobody's, with today's parameters */
  private readonly decoy = `${PREFIX}${unpadded(16)}$${unpadded(32)}`;
  private pool?: Piscina<HashTask, HashAnswer>;
  private pending = 0;

  constructor({ env }: Config) {
    const given: Partial<typeof env> = env; // tools construct it without a whole configuration
    this.threads = given.PASSWORD_HASH_CONCURRENCY ?? 2;
    this.queue = given.PASSWORD_HASH_QUEUE ?? 200;
  }

  /** Ends the threads, once the last request has been answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  /** @returns a PHC string @throws DomainError 503 when too many are waiting */
  async hash(password: string): Promise<string> {
    return (await this.queued({ password: password.normalize('NFC') })) as string;
  }

  /**
   * Compares in the same time whether or not there is a hash to compare with: an unknown account costs what a known one
   * does. @throws DomainError 503 when too many are waiting
   */
  async matches(password: string, stored: string | null | undefined): Promise<boolean> {
    const equal = await this.queued({ password: password.normalize('NFC'), stored: stored ?? this.decoy });
    return equal === true && typeof stored === 'string';
  }

  /** Whether a PHC string was made by another algorithm or version, or with other parameters, than today's. */
  needsRehash(stored: string): boolean {
    return !stored.startsWith(PREFIX);
  }

  /** One computation on a thread; those beyond the threads wait, first come, first served. */
  protected async compute(task: HashTask): Promise<HashAnswer> {
    const pool = (this.pool ??= this.newPool());
    try {
      return await pool.run(task);
    } catch (error) {
      this.giveUp(pool);
      throw new Error('a hashing thread ended before its work was done', { cause: error });
    }
  }

  /** No message of here holds anything of the task: errors reach logs. */
  private async queued(task: HashTask): Promise<string | boolean> {
    if (this.pending >= this.threads + this.queue)
      throw unavailable('sign_in_busy', 'Too many sign-ins at once. Try again shortly.');
    this.pending += 1;
    try {
      const answer = await this.compute(task);
      if (answer === undefined) throw new Error('a password could not be hashed, or its stored hash is not one');
      return answer;
    } finally {
      this.pending -= 1;
    }
  }

  private newPool(): Piscina<HashTask, HashAnswer> {
    const pool = new Piscina<HashTask, HashAnswer>({
      filename: WORKER,
      minThreads: 0,
      maxThreads: this.threads,
      idleTimeout: IDLE_MS,
      niceIncrement: NICENESS,
      stricterFIFO: true,
      execArgv: [], // the server's own flags (hooks, inspectors) are not for these threads
    });
    pool.on('error', () => {
      this.log.error('a hashing thread could not start, or ended');
      this.giveUp(pool);
    });
    return pool;
  }

  /** When a thread dies, the pool leaves those that wait waiting: they are refused, and the next one gets a new pool. */
  private giveUp(pool: Piscina<HashTask, HashAnswer>): void {
    if (this.pool === pool) this.pool = undefined;
    void pool.destroy();
  }
}

/** Random bytes as PHC strings have them: base64 without padding (section B64). */
function unpadded(bytes: number): string {
  return randomBytes(bytes).toString('base64').replace(/=+$/, '');
}
