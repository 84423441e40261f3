import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadConfig, VARIABLES } from '../../src/config/index.js';

describe('the configuration', () => {
  it('has a line for each variable in docs/operations.md, and none for what is not read', () => {
    const table = readFileSync('docs/operations.md', 'utf8').match(/^\| `[A-Z].*$/gm) ?? [];
    const named = table.flatMap((line) => (line.split('|')[1] ?? '').match(/[A-Z][A-Z0-9_]+/g) ?? []);
    expect(named.sort()).toEqual([...VARIABLES].sort());
  });

  it.each(['loopback', '10.0.0.0/8', '192.0.2.1', '2001:db8::/32, ::1', 'loopback,uniquelocal', ''])(
    'trusts proxies that can be told: %p',
    (given) => {
      expect(loadConfig({ TRUST_PROXY: given }).env.TRUST_PROXY).toBe(given);
    },
  );

  it.each(['1', 'true', 'proxy.example.com', '10.0.0.0/33', 'loopback;uniquelocal', 'loopback,'])(
    'does not start with one that would be ignored, or trusted by mistake: %p',
    (given) => {
      expect(() => loadConfig({ TRUST_PROXY: given })).toThrow(/TRUST_PROXY: must list addresses/);
    },
  );
});
