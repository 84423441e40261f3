import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config/index.js';

const load = (rpId: string, origins: string, publicUrl = 'https://api.example.com') =>
  loadConfig({ NODE_ENV: 'test', PUBLIC_URL: publicUrl, WEBAUTHN_RP_ID: rpId, WEBAUTHN_ORIGINS: origins });

/** What stops the start: the lines behind the heading. */
function faults(...variables: Parameters<typeof load>): string[] {
  try {
    load(...variables);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [heading, ...lines] = (error as Error).message.split('\n');
    expect(heading).toBe('The configuration is not usable:');
    return lines.map((line) => line.trim());
  }
}

describe('the origins of pages that use passkeys', () => {
  it.each([
    ['https://example.com', 'example.com'],
    ['https://app.example.com', 'example.com'],
    ['https://app.example.com', 'app.example.com'],
    ['https://app.example.com:8443, https://example.com,https://a.b.example.com', 'example.com'],
    ['https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['http://localhost', 'localhost'],
    ['http://localhost:5173, https://localhost', 'localhost'],
  ])('are taken: %s for %s', (origins, rpId) => {
    expect(load(rpId, origins).webAuthn).toEqual({ rpId, origins: origins.split(/, ?/) });
  });

  it.each([
    ['in the clear', 'http://app.example.com'],
    ['in the clear, on a name that only begins as localhost', 'http://localhost.example.com'],
    ['in the clear, below localhost', 'http://app.localhost'],
    ['with a slash', 'https://app.example.com/'],
    ['with a path', 'https://app.example.com/account'],
    ['with a query', 'https://app.example.com?x'],
    ['with a fragment', 'https://app.example.com#x'],
    ['with a name before the host', 'https://me@app.example.com'],
    ['with the default port', 'https://app.example.com:443'],
    ['in capitals', 'https://App.example.com'],
    ['as a pattern', 'https://*.example.com'],
    ['not as a browser spells them', 'https://bücher.example'],
    ['at an address', 'https://192.0.2.1'],
    ['at an address of IPv6', 'https://[2001:db8::1]'],
    ['at the loopback address', 'http://127.0.0.1:3000'],
    ['of another scheme', 'ftp://app.example.com'],
    ['of an app', 'android:apk-key-hash:abc'],
    ['without a scheme', 'app.example.com'],
    ['that are none', 'null'],
  ])('are refused %s: %s', (_, origin) => {
    expect(faults('example.com', `https://example.com,${origin}`)).toEqual([
      `WEBAUTHN_ORIGINS: "${origin}" must be https://domain or http://localhost, with :port unless it is the default, and no path`,
    ]);
  });

  it('are all told of at once, with whatever else is wrong', () => {
    const told = faults('https://example.com', 'http://example.com,,https://app.example.com/');
    expect(told.map((line) => line.split(' must ')[0])).toEqual([
      'WEBAUTHN_RP_ID:',
      'WEBAUTHN_ORIGINS: "http://example.com"',
      'WEBAUTHN_ORIGINS: ""',
      'WEBAUTHN_ORIGINS: "https://app.example.com/"',
    ]);
  });
});

describe('the relying party of passkeys', () => {
  it.each([
    'https://example.com',
    'example.com:443',
    'example.com/',
    'Example.com',
    '192.0.2.1',
    '[::1]',
    '*.example.com',
  ])('is a domain, and not %s', (rpId) => {
    expect(faults(rpId, '')).toEqual([
      'WEBAUTHN_RP_ID: must be a domain, such as example.com: no scheme, port or address',
    ]);
  });

  it.each([
    ['beside it', 'example.com', 'https://app.example.org'],
    ['above it', 'app.example.com', 'https://example.com'],
    ['next to it', 'app.example.com', 'https://www.example.com'],
    ['only spelt like it at the end', 'example.com', 'https://badexample.com'],
    ['everything under a top level', 'com', 'https://app.example.com'],
    ['elsewhere, with localhost at home', 'localhost', 'https://app.example.com'],
  ])('is not for an origin that is %s: %s, %s', (_, rpId, origin) => {
    const fitting = rpId === 'com' ? [] : [`${rpId === 'localhost' ? 'http' : 'https'}://${rpId}`];
    expect(faults(rpId, [...fitting, origin].join())).toEqual([
      `WEBAUTHN_RP_ID: ${rpId} is neither the host of ${origin} nor a domain above it`,
    ]);
  });

  it('is looked at when only one of the two is set, and the other comes from PUBLIC_URL', () => {
    expect(load('example.com', '').webAuthn).toEqual({ rpId: 'example.com', origins: ['https://api.example.com'] });
    expect(faults('app.example.com', '')).toEqual([
      'WEBAUTHN_RP_ID: app.example.com is neither the host of https://api.example.com nor a domain above it',
    ]);
    expect(faults('', 'https://api.example.com,https://app.example.com')).toEqual([
      'WEBAUTHN_RP_ID (not set, so the host of PUBLIC_URL): api.example.com is neither the host of ' +
        'https://app.example.com nor a domain above it',
    ]);
  });

  it('is localhost for a server on a loopback address, said or not', () => {
    for (const rpId of ['', 'localhost']) {
      expect(load(rpId, '', 'http://127.0.0.1:3000').webAuthn).toEqual({
        rpId: 'localhost',
        origins: ['http://127.0.0.1:3000', 'http://localhost:3000'],
      });
    }
    expect(faults('example.com', '', 'http://127.0.0.1:3000')).toHaveLength(2);
  });
});
