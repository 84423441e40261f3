import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { APP_DATA_SOURCE, AUTH_DATA_SOURCE } from './tokens.js';

/** `read_only`: it answers and takes no changes, as a standby does until it is promoted. */
export type DatabaseState = 'up' | 'read_only' | 'down';
export type Readiness = Record<'app' | 'auth', DatabaseState>;

/** Milliseconds that a server may take to answer: whoever asks for readiness waits no longer. */
const BOUND_MS = 2_000;

/** Whether both pools reach a server that takes changes. Reads no table. */
@Injectable()
export class DatabaseHealth {
  private readonly app: Reach;
  private readonly auth: Reach;

  constructor(@Inject(APP_DATA_SOURCE) app: DataSource, @Inject(AUTH_DATA_SOURCE) auth: DataSource) {
    this.app = new Reach(app);
    this.auth = new Reach(auth);
  }

  async check(): Promise<Readiness> {
    const [app, auth] = await Promise.all([this.app.state(), this.auth.state()]);
    return { app, auth };
  }
}

/** Asks through one pool, once at a time however many ask here: a server that hangs must not cost a connection each time. */
class Reach {
  private asking?: Promise<DatabaseState>;

  constructor(private readonly source: DataSource) {}

  async state(): Promise<DatabaseState> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    const answered = new AbortController();
    const late = sleep(BOUND_MS, 'down' as const, { signal: answered.signal });
    late.catch(() => undefined); // it answered in time
    try {
      return await Promise.race([this.asking, late]);
    } finally {
      answered.abort();
    }
  }

  private async ask(): Promise<DatabaseState> {
    try {
      const [row] = await this.source.query<{ transaction_read_only: string }[]>('show transaction_read_only');
      return row?.transaction_read_only === 'off' ? 'up' : 'read_only';
    } catch {
      return 'down';
    }
  }
}
