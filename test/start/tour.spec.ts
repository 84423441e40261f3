import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Config } from '../../src/config/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import { CONSULTANT } from '../../src/start/demo/cast.js';
import { seedDemo } from '../../src/start/demo/seed.js';
import { Home } from '../../src/start/home.js';
import { takeTour } from '../../src/start/tour/tour.js';
import { testRing, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
const held = useApp(db);
let home: Home;

beforeAll(async () => {
  home = new Home(await mkdtemp(join(tmpdir(), 'ringfence tour ')));
  const hasher = new PasswordHasher({ env: { PASSWORD_HASH_CONCURRENCY: 2 } } as Config);
  const keepers = { hasher, ring: testRing };
  await seedDemo(db.connections.service, held.app.url, keepers, (file) => home.write('demo.json', file));
  await hasher.onApplicationShutdown();
  await home.write('connections.json', db.connections);
});
afterAll(() => rm(home.path, { recursive: true, force: true }));

const DATA = `
  select (select count(*)::int from auth.sessions) as sessions,
    (select jsonb_agg(m order by m.tenant_id, m.user_id) from app.memberships m) as memberships,
    (select jsonb_agg(p order by p.tenant_id, p.user_id) from app.profiles p) as profiles,
    (select jsonb_agg(d order by d.id) from app.deals d) as deals`;

async function tour(): Promise<{ good: boolean; text: string }> {
  const lines: string[] = [];
  const good = await takeTour(home, (line) => lines.push(line));
  return { good, text: stripVTControlCharacters(lines.join('\n')) }; // coloured where CI is set
}

describe('the tour', () => {
  it('comes as expected, twice in a row, and leaves everything as it was', async () => {
    const [before] = await db.look(DATA);
    const [first, second] = [await tour(), await tour()];
    expect(first.text).not.toContain('✗');
    expect(first.good && second.good).toBe(true);
    expect(first.text).toMatch(/(\d+) of \1 came as expected/);
    expect((await db.look(DATA))[0]).toEqual(before);
  });

  it('prints no password and no token', async () => {
    const demo = await home.read<{ shared: { password: string }[] }>('demo.json');
    const { text } = await tour();
    expect(text).not.toContain(demo?.shared[0]?.password);
    expect(text).not.toMatch(/eyJ[\w-]{20,}\./);
  });

  it('mends what a tour that was killed left behind', async () => {
    const members = `select count(*)::int as n from app.memberships m join auth.users u on u.id = m.user_id where u.email = $1`;
    await db.look(
      `delete from app.memberships m using auth.users u, app.tenants t
        where u.id = m.user_id and t.id = m.tenant_id and u.email = $1 and t.slug = 'globex'`,
      [CONSULTANT.email],
    );
    expect((await tour()).good).toBe(true);
    expect(await db.look(members, [CONSULTANT.email])).toEqual([{ n: 2 }]);
  });

  it('fails where the fence is down', async () => {
    const owner = await db.as('owner');
    await owner.query('alter table app.deals disable row level security');
    try {
      const { good, text } = await tour();
      expect(good).toBe(false);
      expect(text).toMatch(/✗ came {6}\d+ of acme, [1-9]\d* of globex/);
    } finally {
      await owner.query('alter table app.deals enable row level security');
    }
  });

  it('says how to start an instance when none runs', async () => {
    const demo = await home.read<object>('demo.json');
    await home.write('demo.json', { ...demo, baseUrl: 'http://127.0.0.1:1' });
    await expect(tour()).rejects.toThrow(
      /No instance is running: nothing answers at http:\/\/127\.0\.0\.1:1[^]*npm start/,
    );
    await expect(takeTour(new Home(join(home.path, 'none')), () => undefined)).rejects.toThrow(/npm start/);
  });
});
