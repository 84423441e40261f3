import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type Browser, chromium as playwright, type Page } from 'playwright-core';
import { findChromium } from './chromium.js';

/** Nothing that the browser does by itself reaches beyond this machine, and no page of ours may want to. */
const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--no-first-run',
];

/** A page, and what went wrong in it. */
export interface Opened {
  page: Page;
  /** errors on its console (a breach of the content security policy is one), thrown, and of its requests */
  faults: string[];
}

/** One browser for the spec file. Pages are closed after each test. */
export function useBrowser(): { open(url: string): Promise<Opened> } {
  let browser: Browser;
  beforeAll(async () => {
    const chromium = findChromium();
    if (!chromium) throw new Error('There is no Chromium. Run this as: npm run test:browser');
    browser = await playwright.launch({
      executablePath: chromium.path,
      env: { ...process.env, ...chromium.env },
      args: FLAGS, // and Playwright's own, which switch the sandbox off: as root it refuses to start
    });
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(() => browser.close());
  return {
    async open(url) {
      const page = await (await browser.newContext()).newPage();
      page.setDefaultTimeout(120_000);
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      page.on('pageerror', (error) => void faults.push(error.message));
      page.on('requestfailed', (request) => void faults.push(`${request.url()} ${request.failure()?.errorText}`));
      await page.goto(url);
      return { page, faults };
    },
  };
}

/** What is built into a computer or a phone: keeps passkeys, and knows its user. */
export const PLATFORM = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
} as const;

/** A key from before passkeys: whoever holds it may use it. */
export const U2F_KEY = { protocol: 'u2f', transport: 'usb' } as const;

/** Plugs a virtual authenticator in (DevTools protocol), touched by an invisible hand. */
export async function withAuthenticator(
  page: Page,
  kind: typeof PLATFORM | typeof U2F_KEY,
): Promise<{ verifyUser(does: boolean): Promise<void> }> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...kind, automaticPresenceSimulation: true },
  });
  return {
    async verifyUser(isUserVerified) {
      await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
  };
}
