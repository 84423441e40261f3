import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../src/config/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/modules/storage/index.js';
import { banner } from '../../src/start/banner.js';
import { type DemoFile, seedDemo } from '../../src/start/demo/seed.js';
import { testRing, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { codeAt } from '../support/totp.js';

const { db } = useDatabase();
const STORAGE_DIR = mkdtempSync(join(tmpdir(), 'ringfence-files-'));
const held = useApp(db, { STORAGE_DIR });
let demo: DemoFile;
beforeAll(async () => {
  const hasher = new PasswordHasher({ env: { PASSWORD_HASH_CONCURRENCY: 2 } } as Config);
  const store = held.app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
  await seedDemo(db.connections.service, 'http://127.0.0.1:1', { hasher, ring: testRing, store }, async (file) => {
    demo = JSON.parse(JSON.stringify(file)) as DemoFile; // as demo.json holds it
  });
  await hasher.onApplicationShutdown();
});

afterAll(() => rmSync(STORAGE_DIR, { recursive: true }));

const signIn = (email: string, password: string) =>
  held.app.call('POST', '/v1/auth/login', { body: { email, password } });

describe('the demo', () => {
  it('stands in the audit log as done on the command line, with all that it planted', async () => {
    const admin = await db.as('admin');
    const { rows } = await admin.query(
      `select l.action, l.actor_type, count(distinct l.id)::int, count(c.id) filter (where c.type = 'deal')::int as deals
         from app.audit_log l left join app.audit_changes c on c.tenant_id = l.tenant_id and c.entry_id = l.id
        where l.tenant_id = any ($1) group by 1, 2 order by 1`,
      [demo.tenants.map(({ id }) => id)],
    );
    expect(rows).toEqual([
      { action: 'platform.member_added', actor_type: 'command_line', count: 10, deals: 0 },
      { action: 'platform.tenant_provisioned', actor_type: 'command_line', count: 2, deals: 72 },
    ]);
  });

  it('has files, which whoever sees their deals downloads', async () => {
    for (const { users } of demo.tenants) {
      const { email, password } = users.find(({ role }) => role === 'owner')!;
      const { accessToken: token } = (await signIn(email, password)).body;
      const { items } = (await held.app.call('GET', '/v1/files', { token })).body;
      expect(items.length).toBeGreaterThan(2);
      const [{ id, size, status }] = items;
      expect(status).toBe('ready');
      const led = await fetch(`${held.app.url}/v1/files/${id}/download`, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'manual',
      });
      const { pathname, search } = new URL(led.headers.get('location') ?? '');
      expect(await (await fetch(held.app.url + pathname + search)).text()).toHaveLength(size);
    }
  });

  it('has a second factor for the owners, the admins and the operator, and for nobody else', async () => {
    const users = demo.tenants.flatMap((tenant) => tenant.users);
    expect(users).toHaveLength(8);
    for (const { role, totpSecret } of users) {
      const enrolled = role === 'owner' || role === 'admin';
      expect([role, totpSecret]).toEqual([role, enrolled ? expect.stringMatching(/^[A-Z2-7]{32}$/) : undefined]);
    }
    const people = [...users, demo.operator];
    expect(new Set(people.flatMap(({ totpSecret }) => totpSecret ?? [])).size).toBe(5);
    for (const { email, password, totpSecret } of [...people, ...demo.shared] as (typeof people)[number][]) {
      const { status, body } = await signIn(email, password);
      expect([email, status, body.aal, body.mfaRequired]).toEqual([email, 200, 'aal1', totpSecret !== undefined]);
    }
  });

  it('is raised to aal2 with a code of that secret, and does what aal2 opens', async () => {
    for (const { email, password, totpSecret = '' } of [demo.tenants[0]!.users[0]!, demo.operator]) {
      const { body: low } = await signIn(email, password);
      expectProblem(
        await held.app.call('POST', '/v1/auth/mfa/recovery-codes', { token: low.accessToken }),
        403,
        'aal2_required',
      );
      const code = codeAt(totpSecret, Date.now() / 1000);
      const { status, body } = await held.app.call('POST', '/v1/auth/mfa/verify', {
        token: low.accessToken,
        body: { code },
      });
      expect([status, body.aal]).toEqual([200, 'aal2']);
      const renewed = await held.app.call('POST', '/v1/auth/mfa/recovery-codes', { token: body.accessToken });
      expect([renewed.status, renewed.body.recoveryCodes.length]).toEqual([200, 10]);
    }
  });

  it('has an operator, who sees both tenants and belongs to none', async () => {
    const { email, password, totpSecret = '' } = demo.operator;
    const { body: low } = await signIn(email, password);
    expect(low.tenant).toBeNull();
    // the code of this half minute may have been used above; the next one counts too
    const body = { code: codeAt(totpSecret, Date.now() / 1000 + 30) };
    const raised = await held.app.call('POST', '/v1/auth/mfa/verify', { token: low.accessToken, body });
    const { body: page } = await held.app.call('GET', '/v1/platform/tenants', { token: raised.body.accessToken });
    const slugs = page.items.map(({ slug }: { slug: string }) => slug);
    expect(slugs).toEqual(expect.arrayContaining(['acme', 'globex']));
    expectProblem(await held.app.call('GET', '/v1/platform/tenants', { token: low.accessToken }), 403, 'aal2_required');
  });

  it('that was seeded before there were second factors still has its banner', () => {
    const before = JSON.parse(
      JSON.stringify(demo, (key, value: unknown) => (key === 'totpSecret' ? undefined : value)),
    );
    expect(banner('http://x', demo, 'demo.json')).toContain('totpSecret');
    expect(banner('http://x', before as DemoFile, 'demo.json')).not.toContain('totpSecret');
  });
});
