import { beforeAll } from '@jest/globals';
import 'reflect-metadata';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { AppModule } from '../../src/app.module.js';
import { Config, KeyRing, loadConfig } from '../../src/config/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import type { PlatformFeature } from '../../src/modules/platform/index.js';
import { configureHttp } from '../../src/start/create-app.js';
import { stopServing } from '../../src/start/stop-serving.js';
import { type Answer, call, type Call } from './call.js';
import type { TestDatabase } from './database.js';
import { HARDLY_LIMITED } from './hardly-limited.js';
import { MemoHasher } from './memo-hasher.js';
import { OneEntry } from './one-entry.js';
import { PASSWORD } from './world.js';

export type { Answer };

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** The application as it serves, on a port of its own, over real HTTP. */
export class TestApp {
  constructor(
    readonly nest: NestExpressApplication,
    readonly url: string,
  ) {}

  readonly entries = new OneEntry();

  async call<Body = any>(method: string, path: string, options: Call = {}): Promise<Answer<Body>> {
    const answer = await call<Body>(this.url, method, path, options);
    this.entries.note(method, path, answer);
    return answer;
  }

  async tokens(email: string, tenant?: string): Promise<Tokens> {
    const { status, body, text } = await this.call<Tokens>('POST', '/v1/auth/login', {
      body: { email, password: PASSWORD, tenant },
    });
    if (status !== 200) throw new Error(`sign-in of ${email}: ${status} ${text}`);
    return body;
  }

  async token(email: string, tenant?: string): Promise<string> {
    return (await this.tokens(email, tenant)).accessToken;
  }
}

export const testRing = new KeyRing('k1', new Map([['k1', randomBytes(32)]]));

/**
 * Starts the application on the spec's database. All of it is real but the place where passwords are hashed (MemoHasher).
 * @param change overrides providers: to take a protection out, for instance
 */
export async function startApp(
  db: TestDatabase,
  env: Record<string, string> = {},
  change: (builder: TestingModuleBuilder) => TestingModuleBuilder = (builder) => builder,
  imports: unknown[] = [],
  platform?: readonly PlatformFeature[],
): Promise<TestApp> {
  const config = loadConfig({
    NODE_ENV: 'test',
    APP_DATABASE_URL: db.connections.app,
    AUTH_DATABASE_URL: db.connections.auth,
    SERVICE_DATABASE_URL: db.connections.service,
    LOG_LEVEL: 'silent',
    AUDIT_SEAL_INTERVAL_MS: '0',
    ...HARDLY_LIMITED,
    ...(env['SMTP_URL'] ? { JOBS: 'inline' } : {}), // mails go by way of a queue
    ...env,
  });
  const builder = Test.createTestingModule({
    imports: [AppModule.with(config, testRing, platform), ...(imports as [])],
  })
    .overrideProvider(PasswordHasher)
    .useFactory({ factory: (given: Config) => new MemoHasher(given), inject: [Config] });
  const module = await change(builder).compile();
  const nest = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  configureHttp(nest, config);
  await nest.listen(0, '127.0.0.1');
  const app = new TestApp(nest, `http://127.0.0.1:${(nest.getHttpServer().address() as AddressInfo).port}`);
  db.beforeDrop(async () => {
    const faults = await app.entries.faults(nest, db).finally(() => stopServing(nest));
    if (faults.length > 0) throw new Error(`not one entry of the audit log for each:\n${faults.join('\n')}`);
  });
  return app;
}

/** The application from beforeAll until the database goes. */
export function useApp(
  db: TestDatabase,
  ...rest: Parameters<typeof startApp> extends [unknown, ...infer R] ? R : never
): { app: TestApp } {
  const held = {} as { app: TestApp };
  beforeAll(async () => {
    held.app = await startApp(db, ...rest);
  });
  return held;
}
