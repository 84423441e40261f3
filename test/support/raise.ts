import { decodeJwt } from 'jose';
import type { TestApp, Tokens } from './app.js';
import type { TestDatabase } from './database.js';

/** Id of the session that a token belongs to. */
export const sessionIdOf = ({ accessToken }: Tokens): string => decodeJwt(accessToken)['sid'] as string;

/**
 * Tokens of a session at AAL2, planted past the fence: for tests of what AAL2 opens, not of how one gets there.
 * @param ago how long ago the second factor was given, as an interval
 */
export async function raised(app: TestApp, db: TestDatabase, tokens: Tokens, ago = '0 seconds'): Promise<Tokens> {
  await db.look('update auth.sessions set aal = 2, auth_time = now() - $2::interval where id = $1', [
    sessionIdOf(tokens),
    ago,
  ]);
  const { status, body, text } = await app.call<Tokens>('POST', '/v1/auth/refresh', {
    body: { refreshToken: tokens.refreshToken },
  });
  if (status !== 200) throw new Error(`refresh: ${status} ${text}`);
  return body;
}
