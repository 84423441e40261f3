import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { KeyRing } from '../../src/config/index.js';
import { authDataSource } from '../../src/database/data-sources.js';
import { AuthDb } from '../../src/database/index.js';
import { SigningKeys } from '../../src/modules/identity/keys/signing-keys.js';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { ENCRYPTED_COLUMNS } from '../../src/start/cli/keys-rewrap.js';
import { runCli } from '../../src/start/cli/run.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';

interface Ran {
  code: number;
  out: string;
  err: string;
}
interface RingFile {
  current: string;
  keys: Record<string, string>;
}

const { db } = useDatabase();
let folder: string;
let file: string;
let admin: Client;
let authDb: AuthDb;
/** everything that any command printed */
let printed = '';

async function run(...args: string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const env = { KEY_RING_FILE: file, AUTH_DATABASE_URL: db.connections.auth, RINGFENCE_HOME: join(folder, 'none') };
  const terminal = { env, out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const ran = { code: await runCli(args, COMMANDS, terminal), out: out.join('\n'), err: err.join('\n') };
  printed += `${ran.out}\n${ran.err}\n`;
  return ran;
}

const ringFile = async (): Promise<RingFile> => JSON.parse(await readFile(file, 'utf8')) as RingFile;
const writeRing = (ring: RingFile): Promise<void> => writeFile(file, JSON.stringify(ring), { mode: 0o600 });
/** A server's keys, as one that starts now with the ring in the file would have them. */
async function startedNow(): Promise<SigningKeys> {
  const keys = new SigningKeys(authDb, await KeyRing.load(file));
  await keys.reload();
  return keys;
}
/** What stands in the installation's log. */
const recorded = async (action: string): Promise<unknown[]> =>
  (await admin.query(`select actor_type, details from app.audit_log where action = $1 and tenant_id = $2`, [action, '00000000-0000-0000-0000-000000000000'])).rows; // prettier-ignore
const startOver = async (): Promise<void> => {
  await admin.query('delete from auth.signing_keys');
  await rm(file, { force: true });
  await run('keys', 'init', file);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence keys '));
  file = join(folder, 'ring.json');
  admin = await db.as('admin');
  const settings = { url: db.connections.auth, size: 2, waitMs: 5_000, startupOptions: true, applicationName: 'spec' };
  const source = await authDataSource(settings).initialize();
  db.beforeDrop(() => source.destroy());
  authDb = new AuthDb(source);
});
beforeEach(startOver);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('keys rotate', () => {
  it('makes the first key where there is none, and then the next one, and tells when', async () => {
    expect(await run('keys', 'list')).toMatchObject({ code: 0, out: expect.stringMatching(/no signing key yet/) });
    const { kid } = (await startedNow()).signer;
    const { code, out } = await run('keys', 'rotate');
    expect(code).toBe(0);
    expect(out).toMatch(/^[\w-]{43} is new and published; it signs from 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\.\n/);
    expect(out).toContain(`${kid} is retired from 20`);
    const kept = await recorded('platform.signing_key_rotated');
    expect(kept).toEqual([{ actor_type: 'command_line', details: { kid: out.slice(0, 43), now: false, replaced: [kid] } }]); // prettier-ignore
    expect((await run('keys', 'rotate')).out).toMatch(/is published already; [^]* Nothing was changed/);
    expect(await recorded('platform.signing_key_rotated')).toEqual(kept);
    expect((await run('keys', 'list')).out).toMatch(
      new RegExp(`^next {7}[\\w-]{43}  made 20.*, signs from 20.*, until it is rotated\nsigning    ${kid}  made .*, retired from 20.*$`), // prettier-ignore
    );
    expect((await startedNow()).signer.kid).toBe(kid);
  });

  it('with --now ends the others, and says what that means; help says so before', async () => {
    const { kid } = (await startedNow()).signer;
    expect((await run('help', 'keys', 'rotate')).out).toMatch(
      /--now +for a key that was stolen.*Every access token is void within a minute; refresh tokens go on/,
    );
    const { out } = await run('keys', 'rotate', '--now');
    expect(out).toContain(`${kid} is retired.`);
    expect(out).toMatch(/every access token issued so far is void. Refresh tokens go on\./);
    expect((await run('keys', 'list')).out).toMatch(/^signing .*\nretired /);
    const keys = await startedNow();
    expect([keys.signer.kid === kid, keys.publicKey(kid)]).toEqual([false, undefined]);
  });

  it.each([[['--now=yes']], [['--no']], [['now']]])('takes nothing else: %j', async (args) => {
    await startedNow();
    expect(await run('keys', 'rotate', ...args)).toMatchObject({ code: 2, out: '' });
    expect((await admin.query('select from auth.signing_keys')).rowCount).toBe(1);
  });

  it('fails with what to do next: no ring, no URL, an older schema', async () => {
    await rm(file);
    expect(await run('keys', 'rotate')).toMatchObject({ code: 1, err: expect.stringMatching(/Set KEY_RING_FILE/) });
    const env = { RINGFENCE_HOME: join(folder, 'none') };
    const err: string[] = [];
    const code = await runCli(['keys', 'list'], COMMANDS, { env, out: () => undefined, err: (line) => err.push(line) });
    expect([code, err.join()]).toEqual([1, expect.stringMatching(/AUTH_DATABASE_URL is not set/)]);
    await admin.query('alter table auth.signing_keys rename column not_before to gone');
    try {
      expect(await run('keys', 'list')).toMatchObject({ code: 1, err: expect.stringMatching(/db migrate/) });
    } finally {
      await admin.query('alter table auth.signing_keys rename column gone to not_before');
    }
  });
});

describe('a key ring', () => {
  it('gets one more key, which encrypts; those that are there stay, and the file is its owner’s alone', async () => {
    const before = await ringFile();
    await chmod(file, 0o640);
    const { code, out } = await run('keys', 'add-ring-key', file);
    expect([code, out]).toEqual([0, expect.stringMatching(/holds k2 now[^]*encrypts from now on/)]);
    const after = await ringFile();
    expect(after).toEqual({ current: 'k2', keys: { ...before.keys, k2: expect.stringMatching(/^[\w+/]{43}=$/) } });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const old = new KeyRing('k1', new Map([['k1', Buffer.from(before.keys['k1'] ?? '', 'base64')]]));
    const ring = await KeyRing.load(file);
    expect(ring.decrypt(old.encrypt('said before', 'x'), 'x')).toBe('said before');
    expect(ring.encrypt('said now', 'x')).toMatch(/^k2\./);
  });

  it('keeps a spare until it is told to use it', async () => {
    expect((await run('keys', 'add-ring-key', file, '--spare')).out).toMatch(/encrypts nothing yet[^]*use-ring-key/);
    expect((await ringFile()).current).toBe('k1');
    expect((await run('keys', 'use-ring-key', file, 'k2')).code).toBe(0);
    expect((await ringFile()).current).toBe('k2');
    for (const unknown of ['k9', '__proto__', 'constructor']) {
      const { code, err } = await run('keys', 'use-ring-key', file, unknown);
      expect([code, err]).toEqual([1, `key ${unknown} is not in the key ring`]);
    }
  });

  it('gives no id twice, also when a key went', async () => {
    await run('keys', 'add-ring-key', file);
    const { keys } = await ringFile();
    await writeRing({ current: 'k2', keys: { k2: keys['k2'] ?? '' } });
    await run('keys', 'add-ring-key', file);
    expect(Object.keys((await ringFile()).keys)).toEqual(['k2', 'k3']);
  });

  it('is changed by one at a time, behind a link too, and never in half', async () => {
    const link = join(folder, 'link.json');
    await symlink(file, link);
    const outcomes = await Promise.all([1, 2, 3].map(() => run('keys', 'add-ring-key', link)));
    const done = outcomes.filter(({ code }) => code === 0).length;
    expect(done).toBeGreaterThan(0);
    expect(Object.keys((await ringFile()).keys)).toHaveLength(1 + done);
    for (const { code, err } of outcomes) if (code !== 0) expect(err).toMatch(/is changing the key ring/);
    await rm(link);
    await writeFile(`${file}.new`, 'cut off');
    expect(await run('keys', 'add-ring-key', file)).toMatchObject({ code: 1, err: expect.stringMatching(/remove it/) });
    expect(await readFile(`${file}.new`, 'utf8')).toBe('cut off');
    await rm(`${file}.new`);
  });

  it.each([
    ['is not there', undefined, /cannot be read/],
    ['is no JSON', '{"current":"k1","keys":{"k1":"c2VjcmV0c2VjcmV0" "k2"', /not usable: it is not JSON$/],
    ['has a short key', '{"current":"k1","keys":{"k1":"c2VjcmV0c2VjcmV0"}}', /32 bytes/],
    ['has an id with a dot', `{"current":"k.1","keys":{"k.1":"${'A'.repeat(43)}="}}`, /key id/],
    ['has no such current key', `{"current":"toString","keys":{"k1":"${'A'.repeat(43)}="}}`, /current key toString/],
  ])('that %s is refused, and none of it is repeated', async (_, text, message) => {
    const other = join(folder, 'other.json');
    await rm(other, { force: true });
    if (text !== undefined) await writeFile(other, text);
    const { code, err } = await run('keys', 'add-ring-key', other);
    expect([code, err]).toEqual([1, expect.stringMatching(message)]);
    expect(err).not.toContain('c2Vjcm');
    if (text !== undefined) expect(await readFile(other, 'utf8')).toBe(text);
    await expect(stat(`${other}.new`)).rejects.toThrow(/ENOENT/);
  });
});

describe('keys rewrap', () => {
  const planted = { mail: '{"token":"canary-mail"}', totp: 'CANARYTOTPSECRET' };
  let mailId: string;
  let factorId: string;

  beforeEach(async () => {
    await admin.query('delete from auth.mail_outbox; delete from auth.factors; delete from app.webhooks');
    const person = await newcomer(db);
    const ring = await KeyRing.load(file);
    const ids = await admin.query<{ mail: string; totp: string }>('select uuidv7() as mail, uuidv7() as totp');
    [mailId, factorId] = [ids.rows[0]?.mail ?? '', ids.rows[0]?.totp ?? ''];
    await admin.query(
      `insert into auth.mail_outbox (id, recipient, template, values_encrypted) values ($1, $2, 'unlock', $3)`,
      [mailId, person.email, ring.encrypt(planted.mail, `mail:${mailId}`)],
    );
    await admin.query(
      `insert into auth.factors (id, user_id, type, name, totp_secret_encrypted) values ($1, $2, 'totp', 'phone', $3)`,
      [factorId, person.id, ring.encrypt(planted.totp, `totp:${factorId}`)],
    );
    await admin.query(
      `with w as (insert into app.webhooks (tenant_id, url, events, description, created_by)
           values ($1, 'https://partner.example/', '{deal.created}', '', $1) returning tenant_id, id)
       insert into auth.webhook_secrets (id, tenant_id, webhook_id, secret_encrypted) select $2, tenant_id, id, $3 from w`,
      [db.world.a.id, factorId, ring.encrypt('whsec_Q0FOQVJZ', `webhook:${factorId}`)],
    );
  });

  async function sealed(): Promise<Record<string, string>> {
    const { rows } = await admin.query<Record<string, string>>(
      `select (select values_encrypted from auth.mail_outbox) as mail, (select totp_secret_encrypted from auth.factors) as totp,
              (select string_agg(split_part(private_key_encrypted, '.', 1), ',') from auth.signing_keys) as keys`,
    );
    return rows[0] ?? {};
  }

  it('encrypts everything with the current key, so that the old one can go', async () => {
    const { kid } = (await startedNow()).signer;
    await run('keys', 'rotate');
    await run('keys', 'add-ring-key', file);
    const { code, out } = await run('keys', 'rewrap');
    expect(code).toBe(0);
    expect(await recorded('platform.secrets_rewrapped')).toEqual([{ actor_type: 'command_line', details: { keyId: (await ringFile()).current } }]); // prettier-ignore
    expect(out).toMatch(/auth.signing_keys.private_key_encrypted +2 rewrapped, 0 left/);
    expect(out).toMatch(/auth.mail_outbox.values_encrypted +1 rewrapped, 0 left/);
    expect(out).toMatch(/auth.factors.totp_secret_encrypted +1 rewrapped, 0 left/);
    expect(out).toMatch(/auth.webhook_secrets.secret_encrypted +1 rewrapped, 0 left/);
    expect(out).toMatch(/Everything is encrypted with k2\./);

    const { keys } = await ringFile();
    await writeRing({ current: 'k2', keys: { k2: keys['k2'] ?? '' } });
    const ring = await KeyRing.load(file);
    const now = await sealed();
    expect(now['keys']).toBe('k2,k2');
    expect(ring.decrypt(now['mail'] ?? '', `mail:${mailId}`)).toBe(planted.mail);
    expect(ring.decrypt(now['totp'] ?? '', `totp:${factorId}`)).toBe(planted.totp);
    expect(() => ring.decrypt(now['totp'] ?? '', `totp:${mailId}`)).toThrow(/cannot be decrypted/); // bound as before
    expect((await startedNow()).signer.kid).toBe(kid); // the very key that signed before

    const again = await run('keys', 'rewrap');
    expect([again.code, again.out.match(/ 0 rewrapped, 0 left/g)?.length]).toEqual([0, 4]);
    expect(await sealed()).toEqual(now);
  });

  it('calls it not done while something is under a key that the ring lacks, and does the rest', async () => {
    await startedNow();
    await run('keys', 'add-ring-key', file);
    const { keys } = await ringFile();
    await writeRing({ current: 'k2', keys: { k2: keys['k2'] ?? '' } });
    await admin.query('delete from auth.signing_keys');
    const before = await sealed();
    const { code, out } = await run('keys', 'rewrap');
    expect(code).toBe(1);
    expect(out).toMatch(/auth.factors.totp_secret_encrypted +0 rewrapped, 1 left .*1 cannot be decrypted/);
    expect(out).toMatch(/Remove no key from the ring/);
    expect(await sealed()).toEqual(before);
  });

  it('leaves alone what somebody changes meanwhile', async () => {
    await run('keys', 'add-ring-key', file);
    const ring = await KeyRing.load(file);
    const meanwhile = ring.encrypt('CHANGEDMEANWHILE', `totp:${factorId}`);
    const holder = await db.as('admin');
    await holder.query('begin');
    await holder.query('update auth.factors set totp_secret_encrypted = $1', [meanwhile]);
    const running = run('keys', 'rewrap');
    await untilBlocked();
    await holder.query('commit');
    expect((await running).out).toMatch(/auth.factors.totp_secret_encrypted +0 rewrapped, 0 left/);
    expect((await sealed())['totp']).toBe(meanwhile);
  });

  it('finds an encrypted column that is on no list, and says that a key is still needed', async () => {
    await admin.query('create table auth.forgotten (id int, thing_encrypted text)');
    try {
      const { code, out } = await run('keys', 'rewrap');
      expect([code, out]).toEqual([1, expect.stringMatching(/auth.forgotten.thing_encrypted +is not known[^]*Remove no/)]); // prettier-ignore
    } finally {
      await admin.query('drop table auth.forgotten');
    }
  });

  it('goes through more than it takes at once', async () => {
    const ring = await KeyRing.load(file);
    const { rows } = await admin.query<{ id: string }>('select uuidv7() as id from generate_series(1, 450)');
    const values = rows.map(({ id }) => ring.encrypt(id, `mail:${id}`));
    await admin.query(
      `insert into auth.mail_outbox (id, recipient, template, values_encrypted)
       select id, 'a@example.com', 'unlock', sealed from unnest($1::uuid[], $2::text[]) t (id, sealed)`,
      [rows.map(({ id }) => id), values],
    );
    await run('keys', 'add-ring-key', file);
    expect((await run('keys', 'rewrap')).out).toMatch(/auth.mail_outbox.values_encrypted +451 rewrapped, 0 left/);
  });

  it('knows every encrypted column that the migrations make', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select table_schema || '.' || table_name || '.' || column_name as name from information_schema.columns
        where column_name ~ '_encrypted$' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(ENCRYPTED_COLUMNS.map((one) => `${one.table}.${one.column}`).sort());
  });

  /** The other connection waits for a lock: asked again and again, until the database says so. */
  async function untilBlocked(): Promise<void> {
    for (;;) {
      const { rowCount } = await admin.query(
        `select from pg_stat_activity where application_name = 'ringfence-keys' and wait_event_type = 'Lock'`,
      );
      if (rowCount) return;
    }
  }
});

describe('no command', () => {
  it('ever printed a key, of the ring or of the servers', async () => {
    await admin.query('delete from auth.mail_outbox; delete from auth.factors; delete from app.webhooks');
    await startedNow();
    for (const args of [['rotate'], ['rotate', '--now'], ['list'], ['add-ring-key', file], ['rewrap'], ['list']]) {
      expect((await run('keys', ...args)).code).toBe(0);
    }
    const ring = await KeyRing.load(file);
    const { rows } = await admin.query<{ kid: string; sealed: string }>(
      'select kid, private_key_encrypted as sealed from auth.signing_keys',
    );
    expect(rows).toHaveLength(3);
    const secrets = [...Object.values((await ringFile()).keys), 'PRIVATE KEY', 'CANARY', 'canary'];
    for (const { kid, sealed } of rows) {
      const pem = ring.decrypt(sealed, `signing-key:${kid}`);
      secrets.push(sealed.slice(0, 30), String(createPrivateKey(pem).export({ format: 'jwk' }).d));
      secrets.push(...pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-')));
      expect(printed).toContain(kid);
    }
    expect(secrets.length).toBeGreaterThan(12);
    for (const secret of secrets) expect([secret, printed.includes(secret)]).toEqual([secret, false]);
  });
});
