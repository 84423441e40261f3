import { describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { PASSWORD } from '../support/world.js';
import { useBrowser } from './browser.js';

const { db } = useDatabase();
const held = useApp(db);
const { open } = useBrowser();
const { a } = db.world;

describe('the API’s page at /docs', () => {
  it('opens under our content security policy, signs in, and is then signed in', async () => {
    const { page, faults } = await open(`${held.app.url}/docs`);
    const operation = (tag: string, id: string) => page.locator(`#operations-${tag}-${id}`);
    await operation('Auth', 'login').waitFor();

    const login = operation('Auth', 'login');
    await login.locator('.opblock-summary-control').click();
    await login.locator('textarea').fill(JSON.stringify({ email: a.users.owner.email, password: PASSWORD }));
    const [signedIn] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/v1/auth/login')),
      login.locator('.execute').click(),
    ]);
    expect(signedIn.status()).toBe(200);

    const list = operation('Deals', 'listDeals');
    await list.locator('.opblock-summary-control').click();
    const [deals] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('/v1/deals')),
      list.locator('.execute').click(),
    ]);
    expect(deals.status()).toBe(200);
    await list.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(faults).toEqual([]);
  });
});
