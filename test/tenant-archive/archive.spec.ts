import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { linesOf, sealAll, verify } from '../audit/exported.js';
import { emptyDatabase, type Installation, installation, objectsOf, plantFile, rowsOf } from './installations.js';

const { db } = useDatabase();
const { a, b } = db.world;
const CONTENT = randomBytes(300_000);
const CANARY = 'canaryx7';

let here: Installation;
let there: Installation;
let folder: string;
let archive: string;
let fileKey: string;

/** What leads to an archive with something of everything in it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence archives '));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  archive = join(folder, 'alpha.tar.gz');
  here = await installation(db);
  const { accessToken: token } = await grantTo(here.app, db, a.users.owner.id, { tenant: a.id, aal: 2 });
  const call = (method: string, path: string, body: unknown) => here.app.call(method, path, { token, body, headers: { 'If-Match': '*' } }); // prettier-ignore
  const deal = await call('POST', '/v1/deals', {
    title: 'Zoë “1” \\ \u2028 \u{1f3e0}',
    amount: '1200.50',
    currency: 'EUR',
  });
  await call('PATCH', `/v1/deals/${deal.body.id}`, { stage: 'won' });
  await call('POST', '/v1/invitations', { email: 'new@alpha.example', roleId: a.roles.viewer });
  fileKey = await plantFile(here, a.id, deal.body.id as string, CONTENT);
  await plantFile(here, a.id, deal.body.id as string, Buffer.alloc(0), 'Zoë 🏠.txt');
  await plantFile(here, b.id, b.deals['owner-public'] ?? '', Buffer.from(`bytes ${CANARY}`));
  await plantCanaries();
  await sealAll(here.app, db);
  there = await installation(await emptyDatabase(db));
}, 60_000);

/** Into every column of the other tenant that takes it, as far as its constraints let it. */
async function plantCanaries(): Promise<void> {
  const admin = await db.as('admin');
  const { rows } = await admin.query<{ t: string; c: string; type: string }>(
    `select a.attrelid::regclass::text as t, a.attname as c, a.atttypid::regtype::text as type
       from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' and a.attnum > 0 and a.atttypid in ('text'::regtype, 'jsonb'::regtype)
        and exists (select from pg_attribute i where i.attrelid = a.attrelid and i.attname = 'tenant_id')`,
  );
  let planted = 0;
  for (const { t, c, type } of rows) {
    const value = type === 'text' ? `${c} || '${CANARY}'` : `'{"a":"${CANARY}"}'`;
    const done = await admin
      .query(`update ${t} set ${c} = ${value} where tenant_id = '${b.id}'`)
      .catch(() => undefined);
    if (done?.rowCount) planted += 1;
  }
  await admin.query(`update app.tenants set name = name || '${CANARY}' where id = '${b.id}'`);
  expect(planted).toBeGreaterThan(8);
}

const exported = async (name: string): Promise<string> => {
  const path = join(folder, name);
  const ran = await here.run('tenant', 'export', 'alpha', '--out', path);
  expect(ran).toMatchObject({ code: 0, err: '' });
  return path;
};

describe('an archive', () => {
  it('is refused by an installation that cannot take it, brings a tenant to one that can, and only once', async () => {
    await exported('alpha.tar.gz');
    const before = await rowsOf(db, a.id);
    const ran = await there.run('tenant', 'import', archive);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const after = await rowsOf(there.db, a.id);
    for (const table of Object.keys(before)) {
      if (table === 'app.audit_log') continue;
      expect([table, after[table]]).toEqual([table, before[table]]);
      expect([table, before[table]?.length]).toEqual([table, expect.any(Number)]);
    }
    const entries = (rows: string[] = []): string[] => rows.filter((row) => !/tenant_(im|ex)ported/.test(row));
    expect(entries(after['app.audit_log'])).toEqual(entries(before['app.audit_log']));
    expect(after['app.audit_log']).toHaveLength((before['app.audit_log']?.length ?? 0) + 1);
    expect(await objectsOf(there.store, '')).toEqual(await objectsOf(here.store, a.id));
    expect(Object.keys(await objectsOf(there.store, ''))).toContain(fileKey);
    const again = await there.run('tenant', 'import', archive);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('alpha is here already') });
    expect(await objectsOf(there.store, '')).toEqual(await objectsOf(here.store, a.id));
  });

  it('brings a log that verifies under the key that signed it, grows under another, and opens what it is committed to', async () => {
    await sealAll(there.app, there.db);
    const to = join(folder, 'audit');
    expect(await there.run('audit', 'export', 'alpha', '--to', to)).toMatchObject({ code: 0, err: '' });
    const text = await readFile(join(to, 'log.ndjson'), 'utf8');
    const lines = linesOf(text);
    expect(lines[0]?.header?.keys).toHaveLength(2);
    const verified = await verify(text);
    expect(verified).toMatchObject({ rows: lines[0]?.header?.size, pruned: 0 });
    expect(verified.openings).toBeGreaterThan(0);
    const epochs = await there.db.look<{ epoch: number; key: string }>(
      `select distinct epoch, verifier_key as key from app.audit_checkpoints where tenant_id = $1 order by 1`, [a.id]); // prettier-ignore
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const actions = lines.slice(-5).map(({ entry }) => entry?.['action'] as string);
    expect(actions.filter((action) => /tenant/.test(action ?? ''))).toEqual([
      'platform.tenant_exported',
      'platform.tenant_imported',
    ]);
    expect(lines.filter(({ entry }) => entry?.['action'] === 'database.changed')).toHaveLength(
      (await db.look(`select from app.audit_log where tenant_id = $1 and action = 'database.changed'`, [a.id])).length,
    );
  });

  it('brings people who may do there what they could here', async () => {
    const { accessToken: token } = await grantTo(there.app, there.db, a.users.viewer.id, { tenant: a.id });
    const { body, status } = await there.app.call('GET', '/v1/deals', { token });
    expect([status, body.items.length > 0]).toEqual([200, true]);
    expect((await there.app.call('GET', '/v1/audit-log', { token })).status).toBe(403);
    const [person] = await there.db.look('select password_hash, status from auth.users where id = $1', [
      a.users.owner.id,
    ]);
    expect(person).toEqual({ password_hash: null, status: 'active' });
    const email = a.users.owner.email;
    expect((await there.app.call('POST', '/v1/auth/password/forgot', { body: { email } })).status).toBe(202);
    expect(await there.db.look('select template from auth.mail_outbox where recipient = $1', [email])).toEqual([
      { template: 'password-reset' },
    ]);
  });

  it('holds nothing of another tenant, and no secret', async () => {
    const bytes = gunzipSync(await readFile(archive));
    const hashes = await db.look<{ h: string }>(
      'select distinct password_hash as h from auth.users where password_hash is not null',
    );
    const foreign = [CANARY, b.id, b.users.owner.id, ...hashes.map(({ h }) => h)];
    expect(foreign.filter((one) => bytes.includes(one))).toEqual([]);
    expect(['Zoë', a.users.owner.email].filter((one) => !bytes.includes(one))).toEqual([]);
  });
});

describe('an export', () => {
  it.each([
    ['table', 'create table auth.scratch (tenant_id uuid)', 'table auth.scratch', 'drop table auth.scratch'],
    [
      'column',
      'alter table app.deals add column colour text',
      'column app.deals.colour',
      'alter table app.deals drop column colour',
    ],
  ])('stops at a %s that nobody declared, and leaves no file', async (_, change, name, undo) => {
    const owner = await db.as('owner');
    await owner.query(change);
    const ran = await here.run('tenant', 'export', 'alpha', '--out', join(folder, 'unknown.tar.gz'));
    await owner.query(undo);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(name) });
    expect((await readdir(folder)).filter((file) => file.startsWith('unknown'))).toEqual([]);
  });

  it('says which bytes the store lacks, and writes over no file', async () => {
    const bytes = await here.store.read(fileKey);
    bytes.destroy();
    await here.store.delete([fileKey]);
    const ran = await here.run('tenant', 'export', 'alpha', '--out', join(folder, 'lacking.tar.gz'));
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining(`The store lacks ${fileKey}`) });
    const again = await here.run('tenant', 'export', 'alpha', '--out', archive);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('is there already') });
    const { Readable } = await import('node:stream');
    await here.store.write(fileKey, Readable.from([CONTENT]), { contentType: 'text/plain' });
  });
});

describe('an archive that is not as it left', () => {
  let empty: Installation;
  beforeAll(async () => {
    empty = await installation(await emptyDatabase(db));
  }, 60_000);

  const nothing = async (): Promise<void> => {
    expect(await objectsOf(empty.store, '')).toEqual({});
    const counts = await empty.db
      .look(`select (select count(*)::int from app.tenants) as t, (select count(*)::int from auth.users) as u,
      (select count(*)::int from app.audit_leaves) as l, (select count(*)::int from app.deals) as m`);
    expect(counts).toEqual([{ t: 0, u: 0, l: 0, m: 0 }]);
  };
  const refused = async (bytes: Buffer, why: RegExp, which: unknown = ''): Promise<void> => {
    const path = join(folder, 'spoilt.tar.gz');
    await writeFile(path, bytes);
    expect([which, await empty.run('tenant', 'import', path)]).toEqual([
      which,
      expect.objectContaining({ code: 1, err: expect.stringMatching(why) }),
    ]);
  };

  it('is refused wherever it is cut or one bit of it flipped, and nothing remains', async () => {
    const bytes = await readFile(archive);
    const plain = gunzipSync(bytes);
    const DAMAGED = /cut or was changed|no archive of a tenant/;
    for (const at of [0.1, 0.5, 0.9, 0.999])
      await refused(bytes.subarray(0, Math.floor(bytes.length * at)), DAMAGED, at);
    const flipped = (at: number): Buffer => {
      const copy = Buffer.from(plain);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return gzipSync(copy, { level: 1 }); // whole again to gzip: our own sums must find it
    };
    for (const what of ['amount', '1200.50', CONTENT.subarray(1000, 1020), '"rows"', 'Audit'])
      await refused(flipped(plain.indexOf(what)), DAMAGED, what);
    await refused(Buffer.from('no archive'), DAMAGED);
    await refused(gzipSync(plain.subarray(0, plain.lastIndexOf('"verifier"'))), DAMAGED); // within the manifest
    await nothing();
  });

  it('leaves nothing where the rows fail after the files were written', async () => {
    const plain = gunzipSync(await readFile(archive));
    const owner = await empty.db.as('owner');
    await owner.query(`create function app.fails() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger fails before insert on app.deals for each row execute function app.fails();
      grant execute on function app.fails() to ringfence_service`);
    await refused(gzipSync(plain, { level: 1 }), /^error: no$/m);
    await owner.query('drop function app.fails() cascade');
    await nothing();
  });

  it('is refused where somebody else has the address of a member', async () => {
    await empty.db.look(`insert into auth.users (email) values ('${a.users.owner.email}')`);
    await refused(await readFile(archive), /addresses of members/);
    await empty.db.look('delete from auth.users');
    await nothing();
  });
});
