import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Config } from '../../src/config/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import { seedDemo } from '../../src/start/demo/seed.js';
import { Home } from '../../src/start/home.js';
import { testRing, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

/* The shell blocks of the guides, run as they stand: a guide that lies fails here. */

const { db } = useDatabase();
const home = new Home(mkdtempSync(join(tmpdir(), 'ringfence-guide-')));
const held = useApp(db, { NODE_ENV: 'development', RINGFENCE_HOME: home.path, AUDIT_SEAL_INTERVAL_MS: '200' });

beforeAll(async () => {
  const hasher = new PasswordHasher({ env: { PASSWORD_HASH_CONCURRENCY: 2 } } as Config);
  await seedDemo(db.connections.service, held.app.url, { hasher, ring: testRing }, (file) =>
    home.write('demo.json', file),
  );
  await home.write('connections.json', db.connections);
});
afterAll(() => rm(home.path, { recursive: true, force: true }));

/** Runs a guide's blocks in one Bash. @returns what they printed, a line each */
async function follow(guide: string): Promise<string> {
  const text = await readFile(`docs/guides/${guide}`, 'utf8');
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('\n');
  const script = blocks
    .replaceAll('http://127.0.0.1:3000', held.app.url)
    .replaceAll('.ringfence/', `${home.path}/`)
    // the command line as this run has it: from its sources
    .replaceAll('npm run -s ringfence --', `"${process.execPath}" --import ./test/support/ts-hooks.mjs src/cli.ts`);
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    timeout: 60_000,
    env: {
      ...process.env,
      RINGFENCE_HOME: home.path,
      PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
    },
  });
  return stdout;
}

describe('docs/guides/sign-in.md', () => {
  it('leads from a password to AAL2, keeps it over a refresh, and ends a session elsewhere', async () => {
    const printed = await follow('sign-in.md');
    const said = [...printed.matchAll(/"recoveryCodes"|"code":"\w+"|aal2$|^\d{3}$/gm)].map(([word]) => word);
    expect(said).toEqual([
      '"recoveryCodes"',
      '"code":"aal2_required"',
      '"recoveryCodes"',
      'aal2',
      '200',
      '"code":"session_ended"',
    ]);
    expect(
      await db.look(`select from auth.factors f join auth.users u on u.id = f.user_id where u.email ~ '^consultant'`),
    ).toEqual([]);
  });

  it('can be followed twice', async () => {
    await db.look('update auth.factors set totp_last_step = 0');
    expect(await follow('sign-in.md')).toContain('session_ended');
  });
});

describe('docs/guides/roles.md', () => {
  it('makes a role, invites into it, shows what it may and why not, and takes it away', async () => {
    const printed = await follow('roles.md');
    const said = printed.match(
      /"code":"\w+"|"(missingPermission|tenantName)":"[^"]+"|^(true|false|controlled|permission|visibility)$/gm,
    );
    expect(said).toEqual([
      '"code":"permission_not_held"',
      '"missingPermission":"tenant:transfer"',
      '"tenantName":"Acme Corporation"',
      'true',
      'controlled',
      '"code":"permission_missing"',
      '"missingPermission":"deal:delete"',
      'permission',
      'visibility',
      'false',
      '"code":"permission_missing"',
      '"missingPermission":"deal:create"',
      '"code":"member_owns_records"',
      '"code":"session_ended"',
    ]);
    expect(await db.look(`select from app.roles where name like 'Sales%'`)).toEqual([]);
  });

  it('can be followed twice', async () => {
    await db.look('update auth.factors set totp_last_step = 0');
    expect(await follow('roles.md')).toContain('session_ended');
  });
});

describe('docs/guides/api-keys.md', () => {
  it('leads from the making of a key over its use and rotation to its end', async () => {
    await db.look('update auth.factors set totp_last_step = 0');
    const printed = await follow('api-keys.md');
    const said = [...printed.matchAll(/"code":"(\w+)"|^(key|1)$/gm)].map(([, code, word]) => code ?? word);
    expect(said).toEqual([
      'permission_not_held',
      'key',
      'permission_missing',
      'session_required',
      'aal2_required',
      '1',
      '1',
      'api_key_void',
      'api_key_void',
    ]);
  });
});

describe('docs/guides/audit.md', () => {
  it('leads from an act to its proof, names a row that was changed, and erases a person, then all', async () => {
    await db.look('update auth.factors set totp_last_step = 0');
    const printed = await follow('audit.md');
    const said = [...printed.matchAll(/inclusionPath|^The log is sound|stays as it is$|^lost$|^Row [\d,]+ .*was changed|^What the log of acme held|^null$|^sound$|^Nothing is older/gm)].map(([word]) => word.replace(/Row [\d,]+ .*was/, 'Row was')); // prettier-ignore
    expect(said).toEqual([
      'inclusionPath',
      'The log is sound',
      'The log is sound',
      'stays as it is',
      'lost',
      'Row was changed',
      'The log is sound',
      'What the log of acme held',
      'null',
      'The log is sound',
      'sound',
      'Nothing is older',
      'What the log of acme held',
      'The log is sound',
    ]);
  }, 60_000);
});
