import { describe, expect, it } from '@jest/globals';
import type { Locator, Page, Request } from 'playwright-core';
import { plantKey } from '../support/api-keys.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { activate, totp } from '../support/enrol.js';
import { PASSWORD } from '../support/world.js';
import { useBrowser } from './browser.js';

const { db } = useDatabase();
const held = useApp(db);
const { open } = useBrowser();
const { a } = db.world;

const operation = (page: Page, tag: string, id: string): Locator =>
  page.locator(`#operations-${tag.replaceAll(' ', '_')}-${id}`);

async function expanded(page: Page, tag: string, id: string): Promise<Locator> {
  const block = operation(page, tag, id);
  await block.waitFor();
  if (!(await block.getAttribute('class'))?.includes('is-open'))
    await block.locator('.opblock-summary-control').click();
  return block;
}

/** Runs an operation on the page. @returns what went out, and what the page shows of the answer */
async function run(page: Page, [tag, id]: [string, string], body?: object): Promise<{ sent: Request; status: number }> {
  const block = await expanded(page, tag, id);
  if (body) await block.locator('textarea').fill(JSON.stringify(body));
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('/v1/')),
    block.locator('.execute').click(),
  ]);
  const status = answer.status();
  await block.locator('.live-responses-table .response-col_status', { hasText: String(status) }).waitFor();
  return { sent: answer.request(), status };
}

const authorization = (sent: Request): string | undefined => sent.headers()['authorization'];
const who = (page: Page): Locator => page.locator('#who');

const LOGIN: [string, string] = ['Auth', 'login'];
const LIST: [string, string] = ['Deals', 'listDeals'];
const CREATE: [string, string] = ['Deals', 'createDeal'];
const credentials = (email: string) => ({ email, password: PASSWORD });

describe('the API’s page at /docs', () => {
  it('opens under our content security policy, with nothing from elsewhere, and says how to begin', async () => {
    const { page, faults } = await open(`${held.app.url}/docs?url=http://localhost:1/other.json&configUrl=/other.json`);
    await operation(page, ...LIST).waitFor();
    expect(await page.locator('#begin').innerText()).toMatch(
      /POST \/v1\/auth\/login[^]*Authorize[^]*Nobody is signed in/,
    );

    const from = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    expect(from.length).toBeGreaterThan(3);
    expect(from.filter((url) => !url.startsWith(`${held.app.url}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(from.filter((url) => url.includes('other'))).toEqual([]);
    expect(faults).toEqual([]);

    const policy = (await held.app.call('GET', '/docs')).headers.get('content-security-policy');
    expect(policy).toMatch(/default-src 'self'/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);

    // what is written into the page runs nothing and styles nothing
    const taken = await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<p id="planted" style="color: rgb(1, 2, 3)">x</p>');
      return ['injected' in globalThis, getComputedStyle(document.querySelector('#planted')).color];
    })()`);
    expect(taken).toEqual([false, expect.not.stringContaining('1, 2, 3')]);
  });

  it('signs in, steps up, uses the new token by itself, and logs out', async () => {
    const { owner } = a.users;
    const tokens = await held.app.tokens(owner.email);
    const [recoveryCode] = await activate(held.app, tokens, await totp(held.app, tokens, 'Phone'));
    const { page, faults } = await open(`${held.app.url}/docs`);

    expect((await run(page, LOGIN, credentials(owner.email))).status).toBe(200);
    await who(page).filter({ hasText: 'AAL1' }).waitFor();
    const first = await run(page, LIST);
    expect([first.status, first.sent.url()]).toEqual([200, expect.stringMatching(/\/v1\/deals(\?limit=20)?$/)]);

    expect((await run(page, ['MFA', 'verifyFactor'], { recoveryCode })).status).toBe(200);
    await who(page).filter({ hasText: 'AAL2' }).waitFor();
    const second = await run(page, LIST);
    expect(second.status).toBe(200);
    expect(authorization(second.sent)).toMatch(/^Bearer ey/);
    expect(authorization(second.sent)).not.toBe(authorization(first.sent));

    expect((await run(page, ['Auth', 'logout'])).status).toBe(204);
    await who(page).filter({ hasText: 'Nobody is signed in.' }).waitFor();
    expect(faults).toEqual([]);
    const refused = await run(page, LIST);
    expect([refused.status, authorization(refused.sent)]).toEqual([401, undefined]);
  });

  it('carries an API key that was put in, and the session instead while there is one', async () => {
    const { key } = await plantKey(db, a, a.users.member, ['deal:read']);
    const { page, faults } = await open(`${held.app.url}/docs`);
    await operation(page, ...LIST).waitFor();
    await page.locator('.btn.authorize').click();
    const scheme = page.locator('.auth-container', { hasText: 'apiKey' });
    await scheme.locator('input').fill(key);
    await scheme.locator('button.authorize').click();
    await page.locator('.btn-done').first().click();
    expect(await who(page).innerText()).toBe('Requests carry the API key.');
    const asKey = await run(page, LIST);
    expect([asKey.status, authorization(asKey.sent)]).toEqual([200, `Bearer ${key}`]);

    expect((await run(page, LOGIN, credentials(a.users.member.email))).status).toBe(200);
    const asPerson = await run(page, LIST);
    expect([asPerson.status, authorization(asPerson.sent)]).toEqual([200, expect.stringMatching(/^Bearer ey/)]);
    expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([0, 0, '']);
    expect(faults).toEqual([]);
  });

  it('sends nothing made up beside what was typed, so that the same operation runs twice', async () => {
    const { page, faults } = await open(`${held.app.url}/docs#/Deals/createDeal`);
    const deal = operation(page, 'Deals', 'createDeal');
    await deal.locator('textarea').waitFor();
    expect((await run(page, LOGIN, credentials(a.users.member.email))).status).toBe(200);
    for (const title of ['One', 'Another']) {
      const { status, sent } = await run(page, CREATE, { title, amount: '1.00', currency: 'EUR' });
      expect([status, sent.headers()['idempotency-key']]).toEqual([201, undefined]);
    }
    await deal.locator('tr[data-param-name="Idempotency-Key"] input').fill('mine-1');
    const { status, sent } = await run(page, CREATE, { title: 'Third', amount: '1.00', currency: 'EUR' });
    expect([status, sent.headers()['idempotency-key']]).toEqual([201, 'mine-1']);
    expect(faults).toEqual([]);
  });

  it('opens at an operation, and finds operations by words', async () => {
    const { page, faults } = await open(`${held.app.url}/docs#/Deals/createDeal`);
    await operation(page, 'Deals', 'createDeal').locator('textarea').waitFor();
    const tags = await page
      .locator('.opblock-tag')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-tag')));
    const { body } = await held.app.call('GET', '/openapi.json');
    expect(tags).toEqual(body.tags.map(({ name }: { name: string }) => name));

    await page.locator('.operation-filter-input').fill('patch deal');
    await page.waitForFunction(`document.querySelectorAll('.opblock').length === 1`);
    await operation(page, 'Deals', 'updateDeal').waitFor();

    // a link of the introduction, to what the filter hides
    await page.locator('#begin a', { hasText: '/mfa/verify' }).click();
    await operation(page, 'MFA', 'verifyFactor').locator('textarea').waitFor();
    await page.waitForFunction(`(() => {
      const { top } = document.querySelector('#operations-MFA-verifyFactor').getBoundingClientRect();
      return top >= 0 && top < innerHeight;
    })()`);
    expect(page.url()).toMatch(/#\/MFA\/verifyFactor$/);
    expect(faults).toEqual([]);
  });
});
