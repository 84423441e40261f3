import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, type Answer } from '../support/call.js';
import { useDatabase } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';
import { PASSWORD } from '../support/world.js';
import { WHOLE } from './whole.js';

const PRINCIPAL = 120;
const WINDOW_MS = 60_000;
/** begun while it is hammered */
const WINDOWS = WHOLE ? 3 : 2;

const { db } = useDatabase();
const { a } = db.world;
let servers: ServerProcess[] = [];

beforeAll(async () => {
  const env = { RATE_LIMIT_PRINCIPAL: String(PRINCIPAL), JOBS: 'off' };
  const first = await ServerProcess.start(db, env);
  servers = [first];
  // one issuer and one key ring, as the servers of one installation have them
  const shared = { ...env, PUBLIC_URL: first.url, KEY_RING_FILE: first.keyRing };
  servers.push(await ServerProcess.start(db, shared));
}, 120_000);
afterAll(() => Promise.all(servers.map((server) => server.stop())));

const signIn = async (email: string): Promise<string> => {
  const { body } = await call(servers[0]?.url ?? '', 'POST', '/v1/auth/login', { body: { email, password: PASSWORD } });
  return body.accessToken;
};

describe('two processes on one database', () => {
  it('let through no more than the limit in any window, and as many again in the next', async () => {
    const token = await signIn(a.users.member.email);
    const passed: number[] = [];
    const refused: Answer[] = [];
    const until = Date.now() + (WINDOWS - 0.8) * WINDOW_MS;
    const hammer = async (url: string): Promise<void> => {
      while (Date.now() < until) {
        const answer = await call(url, 'GET', '/v1/deals?limit=1', { token });
        if (answer.status === 200) passed.push(Date.now());
        else {
          refused.push(answer);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    };
    await Promise.all(servers.flatMap(({ url }) => Array.from({ length: 4 }, () => hammer(url))));
    expect([...new Set(refused.map(({ status, body }) => `${status} ${body.code}`))]).toEqual(['429 rate_limited']);
    // windows as the servers had them: a pause of refusals lies between the last of one and the first of the next
    const windows = passed.reduce<number[][]>((found, at, n) => {
      if (n === 0 || at - (passed[n - 1] ?? 0) > 2_000) found.push([]);
      found.at(-1)?.push(at);
      return found;
    }, []);
    expect(windows.map(({ length }) => length)).toEqual(Array.from({ length: WINDOWS }, () => PRINCIPAL));
  }, 240_000);
});
