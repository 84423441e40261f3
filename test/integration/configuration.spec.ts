import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadConfig, VARIABLES } from '../../src/config/index.js';
import { plainConnections } from '../../src/start/plain-connections.js';

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

describe('NODE_ENV=production', () => {
  const database = 'postgres://role:secret@db.example.com/ringfence';
  const safe = {
    NODE_ENV: 'production',
    APP_DATABASE_URL: database,
    AUTH_DATABASE_URL: database,
    KEY_RING_FILE: '/run/secrets/key_ring',
    PUBLIC_URL: 'https://api.example.com',
    SMTP_URL: 'smtps://mail.example.com',
    STORAGE_DIR: '/srv/files',
  };

  it('starts with what is safe', () => expect(loadConfig(safe).production).toBe(true));

  it.each([
    ['APP_DATABASE_URL', '', 'APP_DATABASE_URL is missing'],
    ['AUTH_DATABASE_URL', '', 'AUTH_DATABASE_URL is missing'],
    ['KEY_RING_FILE', '', 'KEY_RING_FILE is missing'],
    ['PUBLIC_URL', '', 'PUBLIC_URL must be set and start with https://'],
    ['PUBLIC_URL', 'http://api.example.com', 'PUBLIC_URL must be set and start with https://'],
    ['SMTP_URL', '', 'SMTP_URL is missing'],
    ['STORAGE_DIR', '', 'STORAGE_DIR is missing'],
  ])('refuses %s=%j', (name, value, said) => {
    expect(() => loadConfig({ ...safe, [name]: value })).toThrow(said);
    expect(loadConfig({ ...safe, [name]: value, NODE_ENV: 'development' }).production).toBe(false);
  });

  it.each([
    [database, true],
    [`${database}?sslmode=require`, true],
    [`${database}?sslmode=no-verify`, true],
    [`${database}?sslmode=verify-full`, false],
    [`${database}?sslmode=verify-full&sslrootcert=/etc/ca.pem`, false],
    ['postgres://role:secret@127.0.0.1:5432/ringfence', false],
    ['postgres://role:secret@[::1]/ringfence', false],
    ['postgres://role:secret@localhost.example.com/ringfence', true],
  ])('warns of a database that is asked in the clear, or is anybody’s: %s', (url, warned) => {
    const named = plainConnections(loadConfig({ ...safe, APP_DATABASE_URL: url, AUTH_DATABASE_URL: url }));
    expect(named).toEqual(warned ? ['APP_DATABASE_URL', 'AUTH_DATABASE_URL'] : []);
  });
});
