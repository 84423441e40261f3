import { Config } from '../../src/config/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import { type Answer, startApp, type TestApp } from './app.js';
import type { TestDatabase } from './database.js';
import { MemoHasher } from './memo-hasher.js';
import { PASSWORD } from './world.js';

/** The routes of sign-in, by name. */
export const authCalls = (held: { app: TestApp }) => ({
  login: (email: string, more: object = {}): Promise<Answer> =>
    held.app.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD, ...more } }),
  me: (token: string): Promise<Answer> => held.app.call('GET', '/v1/auth/me', { token }),
  deals: (token: string): Promise<Answer> => held.app.call('GET', '/v1/deals', { token }),
  logout: (token: string): Promise<Answer> => held.app.call('POST', '/v1/auth/logout', { token }),
  refresh: (refreshToken: string): Promise<Answer> =>
    held.app.call('POST', '/v1/auth/refresh', { body: { refreshToken } }),
  switchTo: (token: string, tenant: string): Promise<Answer> =>
    held.app.call('POST', '/v1/auth/switch-tenant', { token, body: { tenant } }),
});

/** An application in which something happens between the check of a password and the making of the session. */
export function startInterrupted(db: TestDatabase, meanwhile: () => Promise<unknown>): Promise<TestApp> {
  class Interrupted extends MemoHasher {
    override async matches(password: string, stored: string | null | undefined): Promise<boolean> {
      const equal = await super.matches(password, stored);
      await meanwhile();
      return equal;
    }
  }
  const factory = (config: Config): PasswordHasher => new Interrupted(config);
  return startApp(db, {}, (builder) =>
    builder.overrideProvider(PasswordHasher).useFactory({ factory, inject: [Config] }),
  );
}
