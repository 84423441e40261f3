import { describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db);
const get = (path: string) => held.app.call('GET', path);

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
