import { describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newAccount, plantInvitation, somebodyNew } from '../support/invitations.js';
import { newcomer } from '../support/people.js';
import { PASSWORD } from '../support/world.js';
import { useBrowser } from './browser.js';

const { db } = useDatabase();
const held = useApp(db);
const { open } = useBrowser();
const { a, b } = db.world;
const linkOf = (token: string): string => `${held.app.url}/account/invitation#token=${token}`;

describe('the page behind an invitation’s link', () => {
  it('says who invites, takes a name and a password, and joins', async () => {
    const { page, faults } = await open(linkOf(await plantInvitation(db, a, somebodyNew())));
    await page.getByText('You are invited to Tenant alpha, as Member.').waitFor();
    expect(page.url()).toBe(`${held.app.url}/account/invitation`);
    expect(await page.getByLabel('E-mail').isVisible()).toBe(false);
    await page.getByLabel('Your name').fill(newAccount.fullName);
    await page.getByLabel('password').fill(newAccount.password);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('You are signed in.').waitFor();
    const token = await page.getByLabel('Access token').inputValue();
    expect((await held.app.call('GET', '/v1/deals', { token })).status).toBe(200);
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]); // it has no icon
  });

  it('lets whoever has an account sign in and join, and tells who is not meant', async () => {
    const [person, other] = [await newcomer(db, [b, 'member']), await newcomer(db, [b, 'member'])];
    const { page } = await open(linkOf(await plantInvitation(db, a, person.email)));
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('has an account already').waitFor();
    for (const [email, says] of [
      [other.email, 'That is not the address that was invited.'],
      [person.email, 'You are signed in.'],
    ] as const) {
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in and join' }).click();
      await page.getByText(says).waitFor();
    }
    const token = await page.getByLabel('Access token').inputValue();
    expect((await held.app.call('GET', '/v1/auth/me', { token })).body.tenant.slug).toBe('alpha');
  });

  it('says of a dead link that it is dead, and asks for nothing', async () => {
    const { page } = await open(linkOf('A'.repeat(43)));
    await page.getByText('This invitation does not count any more').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
  });
});
