import { describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db, { PUBLIC_URL: 'https://api.example.com' });
const get = (path: string) => held.app.call('GET', path);

it.each(['/account/unlock', '/docs', '/docs/page.js', '/livez', '/openapi.json', '/v1/deals', '/no-such-page'])(
  'a browser is told by %s what it may do with it: no other origin frames, bases or runs anything',
  async (path) => {
    const { headers } = await get(path);
    const policy = (headers.get('content-security-policy') ?? '').split(';');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "script-src 'self'",
      ]),
    );
    expect([
      headers.get('strict-transport-security'),
      headers.get('x-content-type-options'),
      headers.get('referrer-policy'),
      headers.get('cross-origin-opener-policy'),
      headers.get('cross-origin-resource-policy'),
      headers.get('access-control-allow-origin'),
      headers.get('set-cookie'),
    ]).toEqual([
      'max-age=31536000; includeSubDomains',
      'nosniff',
      'no-referrer',
      'same-origin',
      'same-origin',
      null,
      null,
    ]);
  },
);

it('what the API answers is kept by no cache, what is in it or not', async () => {
  const { owner } = db.world.a.users;
  const token = await held.app.token(owner.email);
  const kept = async (path: string): Promise<unknown> =>
    (await held.app.call('GET', path, { token })).headers.get('cache-control');
  expect(await kept('/v1/deals')).toBe('no-store');
  expect(await kept(`/v1/deals/${db.world.a.deals['owner-public']}`)).toBe('no-store');
  expect(await kept('/v1/members')).toBe('no-store');
  expect(await kept('/.well-known/jwks.json')).toBe('public, max-age=60');
});

describe('the page behind the links in mails', () => {
  it.each(['magic-link', 'password-reset', 'unlock'])(
    'is HTML at /account/%s, and needs nothing from elsewhere',
    async (path) => {
      const { status, headers, text } = await get(`/account/${path}`);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(text).toMatch(/^<!doctype html>/);
      expect(text).toMatch(/type="password" autocomplete="new-password"/);
      expect(text).not.toMatch(/https?:|<script(?! src="\/account\/account\.js")|style=|onclick/);
    },
  );

  it('has its script and its styles', async () => {
    const [script, styles] = [await get('/account/account.js'), await get('/account/account.css')];
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect([styles.status, styles.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  });

  it('takes no token from a query, and has no other files', async () => {
    expectProblem(await get('/account/unlock?token=x'), 400);
    expectProblem(await get('/account/account.html'), 404);
    expectProblem(await get('/account/%2e%2e/package.json'), 404);
  });
});
