import { AuthDb } from '../../src/database/index.js';
import { Grants } from '../../src/modules/identity/index.js';
import type { TestApp, Tokens } from './app.js';
import type { TestDatabase } from './database.js';
import { raised } from './raise.js';

interface Wish {
  tenant?: string;
  aal?: 1 | 2;
  /** how long ago the second factor was given, as an interval */
  ago?: string;
}

/** Tokens of a new session, without a password's hashing: for tests that need many. */
export async function grantTo(
  app: TestApp,
  db: TestDatabase,
  userId: string,
  { tenant, aal = 1, ago }: Wish = {},
): Promise<Tokens> {
  const person = { userId, tenant, aal, amr: aal === 2 ? ['pwd', 'otp'] : ['pwd'] };
  const origin = { userAgent: '', address: '' };
  const tokens = await app.nest
    .get(AuthDb, { strict: false })
    .transaction((tx) => app.nest.get(Grants, { strict: false }).start(tx, { ...person, origin }));
  return ago === undefined ? tokens : raised(app, db, tokens, ago);
}
