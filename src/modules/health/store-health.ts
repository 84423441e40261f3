import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Trouble } from '../../upkeep/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../storage/index.js';

/** Milliseconds: how long the store may take, and for how long its answer is taken for what it says now. */
const BOUND_MS = 2_000;
const FRESH_MS = 3_000;

/** Whether the store of files answers. Asks it once at a time, however many ask here and however slow it is. */
@Injectable()
export class StoreHealth {
  private readonly trouble = new Trouble(new Logger('Files'), 'the store of files does not answer');
  private asking?: Promise<'up' | 'down'>;
  private known?: { state: 'up' | 'down'; until: number };

  constructor(@Inject(STORAGE_DRIVER) private readonly driver: StorageDriver) {}

  async check(): Promise<'up' | 'down'> {
    if (this.known && performance.now() < this.known.until) return this.known.state;
    this.asking ??= this.ask();
    const answered = new AbortController();
    const late = sleep(BOUND_MS, undefined, { signal: answered.signal }).then(() => this.late());
    late.catch(() => undefined); // it answered in time
    try {
      return await Promise.race([this.asking, late]);
    } finally {
      answered.abort();
    }
  }

  private async ask(): Promise<'up' | 'down'> {
    const state = await this.driver.ready().then(
      () => 'up' as const,
      (error: Error) => this.down(error.message),
    );
    if (state === 'up') this.trouble.isOver();
    this.asking = undefined;
    return this.know(state);
  }

  private late(): 'down' {
    return this.know(this.down(`nothing within ${BOUND_MS} ms`));
  }

  private down(why: string): 'down' {
    this.trouble.goesOn(why);
    return 'down';
  }

  private know<State extends 'up' | 'down'>(state: State): State {
    this.known = { state, until: performance.now() + FRESH_MS };
    return state;
  }
}
