import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { APP_DATA_SOURCE, AUTH_DATA_SOURCE } from './tokens.js';

export type Readiness = Record<'app' | 'auth', 'up' | 'down'>;

/** Whether both pools reach their server. Reads no table. */
@Injectable()
export class DatabaseHealth {
  constructor(
    @Inject(APP_DATA_SOURCE) private readonly app: DataSource,
    @Inject(AUTH_DATA_SOURCE) private readonly auth: DataSource,
  ) {}

  async check(): Promise<Readiness> {
    const [app, auth] = await Promise.all([reaches(this.app), reaches(this.auth)]);
    return { app, auth };
  }
}

const reaches = (source: DataSource): Promise<'up' | 'down'> =>
  source.query('select 1').then(
    () => 'up' as const,
    () => 'down' as const,
  );
