import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { sealAll } from '../audit/exported.js';
import { type Installation, installation, objectsOf, plantFile, rowsOf } from './installations.js';

const { db } = useDatabase();
const { a, b } = db.world;
const NIL = '00000000-0000-0000-0000-000000000000';
/** What docs/adr/0020 leaves: the tenant's log, and what the installation's own says of it. */
const STAYS = ['app.audit_log', 'app.audit_changes', 'app.audit_leaves', 'app.audit_nodes', 'app.audit_checkpoints'];

let here: Installation;

/** Names of all tables in which a text occurs, with how many rows. */
async function tablesWith(text: string): Promise<Record<string, number>> {
  const admin = await db.as('admin');
  const { rows } = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('app', 'auth', 'pgboss', 'meta') and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  const found: Record<string, number> = {};
  for (const { name } of rows) {
    const hit = await admin.query<{ n: number }>(`select count(*)::int as n from ${name} t where t::text like $1`, [`%${text}%`]); // prettier-ignore
    if (hit.rows[0]?.n) found[name] = hit.rows[0].n;
  }
  await admin.end();
  return found;
}

const erase = (...more: string[]) => here.run('tenant', 'erase', 'alpha', ...more);

beforeAll(async () => {
  here = await installation(db);
  const { accessToken: token } = await grantTo(here.app, db, a.users.owner.id, { tenant: a.id, aal: 2 });
  await here.app.call('POST', '/v1/deals', { token, body: { title: 'Zoë', amount: '1.00', currency: 'EUR' } });
  await here.app.call('POST', '/v1/invitations', {
    token,
    body: { email: 'new@alpha.example', roleId: a.roles.viewer },
  });
  await plantJob();
  await plantFile(here, a.id, a.deals['owner-public'] ?? '', Buffer.from('of alpha'));
  await plantFile(here, b.id, b.deals['owner-public'] ?? '', Buffer.from('of beta'));
  await sealAll(here.app, db);
}, 60_000);

/** A job that waits, in the tenant's table and in the queue; and a key. */
async function plantJob(): Promise<void> {
  const admin = await db.as('admin');
  await admin.query(
    `insert into app.jobs (tenant_id, kind, payload, actor_id, aal, auth_time, attempts_at_most, timeout_seconds)
       values ($1, 'deal.count', '{}', $2, 1, now(), 1, 60)`,
    [a.id, a.users.viewer.id],
  );
  await admin.query(
    `insert into app.api_keys (tenant_id, name, public_id, user_id, created_by, permissions, expires_at)
       values ($1, 'x', repeat('0', 16), $2, $2, '{deal:read}', now() + interval '1 day')`,
    [a.id, a.users.viewer.id],
  );
  await admin.query('set role ringfence_derive; select app.queue_job(j) from app.jobs j');
  await admin.end();
}

describe('an erasure', () => {
  it('asks for the slug again, and for a tenant that is suspended', async () => {
    expect(await erase()).toMatchObject({ code: 2, err: expect.stringContaining('--confirm alpha') });
    expect(await erase('--confirm', 'beta')).toMatchObject({ code: 2 });
    expect(await erase('--confirm', 'alpha')).toMatchObject({
      code: 1,
      err: expect.stringContaining('tenant suspend alpha'),
    });
    expect(Object.keys(await objectsOf(here.store, a.id))).toHaveLength(1);
  });

  it('takes all or nothing: what is silent of it is refused where something stays', async () => {
    await here.run('tenant', 'suspend', 'alpha');
    const service = await db.as('service');
    await service.query(`begin; select auth.enter_command_line(); select app.begin_tenant_erasure('${a.id}')`);
    await service.query('delete from app.deals where tenant_id = $1', [a.id]);
    await expect(service.query('commit')).rejects.toMatchObject({ code: 'RF035' });
    await service.query(`begin; select auth.enter_command_line(); select app.begin_tenant_erasure('${a.id}')`);
    await service.query('delete from app.deals where tenant_id = $1', [a.id]);
    await expect(service.query(`select app.finish_tenant_erasure('${a.id}')`)).rejects.toMatchObject({ code: 'RF035' });
    await service.query('rollback');
    expect((await rowsOf(db, a.id))['app.deals']?.length).toBeGreaterThan(12);
  });

  it('changes no row where it fails half-way, and goes on when it is asked again', async () => {
    const owner = await db.as('owner');
    await owner.query(`create function app.fails() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger fails before delete on app.roles for each row execute function app.fails();
      grant execute on function app.fails() to ringfence_service`);
    const before = await rowsOf(db, a.id);
    expect(await erase('--confirm', 'alpha')).toMatchObject({ code: 1 });
    await owner.query('drop function app.fails() cascade');
    expect(await rowsOf(db, a.id)).toEqual(before);
    expect(await objectsOf(here.store, a.id)).toEqual({}); // objects first: a row without one is found again
    await plantFile(here, a.id, a.deals['owner-public'] ?? '', Buffer.from('of alpha'));
  });

  it('leaves no row and no object of the tenant but its log, touches no other, and certifies what went', async () => {
    const others = [await rowsOf(db, b.id), await objectsOf(here.store, b.id)];
    const before = await rowsOf(db, a.id);
    const ran = await erase('--confirm', 'alpha');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect([await rowsOf(db, b.id), await objectsOf(here.store, b.id)]).toEqual(others);
    expect(await objectsOf(here.store, a.id)).toEqual({});
    expect(Object.keys(await tablesWith(a.id))).toEqual([...STAYS].sort());
    const text = ran.out.split('\n').find((line) => line.includes('ringfence-erasure-1')) ?? '';
    const certificate = JSON.parse(text);
    const rows = Object.fromEntries(
      certificate.tables.map(({ name, rows }: { name: string; rows: number }) => [name, rows]),
    );
    for (const name of [
      'app.deals',
      'app.files',
      'app.memberships',
      'app.roles',
      'app.tenants',
      'auth.vault_keys',
      'app.role_closure',
    ])
      expect([name, rows[name]]).toEqual([name, before[name]?.length]);
    expect(certificate).toMatchObject({ objects: { count: 1, bytes: 8 }, people: { erased: 4, kept: 1 } });
    const [entry] = await db.look<{ details: Record<string, string> }>(
      `select details from app.audit_log where tenant_id = '${NIL}' and action = 'platform.tenant_erased'`,
    );
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(entry?.details).toEqual({ slug: 'alpha', sha256, certificate: text });
    expect(ran.out).toContain(sha256);
  });

  it('erases accounts that are in no other tenant, and keeps those that are', async () => {
    expect(await tablesWith(a.users.owner.email)).toEqual({});
    expect(await tablesWith('new@alpha.example')).toEqual({});
    const left = await db.look<{ email: string }>('select email from auth.users order by 1');
    expect(left.map(({ email }) => email)).toEqual(
      [...Object.values(b.users), db.world.both, db.world.nobody].map(({ email }) => email).sort(),
    );
  });

  it('leaves a log that goes on, says so last, and holds no name that can be read', async () => {
    await sealAll(here.app, db);
    const [last] = await db.look<{ action: string }>(
      'select l.action from app.audit_leaves f join app.audit_log l on l.tenant_id = f.tenant_id and l.id = f.entry_id where f.tenant_id = $1 order by f.seq desc limit 1', [a.id]); // prettier-ignore
    expect(last).toEqual({ action: 'platform.tenant_erased' });
    const openings = await db.service(async (client) => {
      await client.query('select auth.enter_command_line()');
      return client.query(
        'select o.* from app.audit_openings_of($1, array(select id from app.audit_log where tenant_id = $1)) o',
        [a.id],
      );
    });
    expect(openings).toEqual([]);
    expect(
      await db.look(`select from app.audit_changes where tenant_id = $1 and op = 'delete' and type = 'deal'`, [a.id]),
    ).toEqual([]);
  });

  it('may be repeated: it removes what came meanwhile, and certifies the same', async () => {
    const { Readable } = await import('node:stream');
    const key = `${a.id}/${a.id}/${a.id}`;
    await here.store.write(key, Readable.from(['late']), { contentType: 'text/plain' });
    const ran = await erase('--confirm', 'alpha');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('ringfence-erasure-1') });
    expect(await objectsOf(here.store, a.id)).toEqual({});
    expect(await here.run('tenant', 'erase', 'never', '--confirm', 'never')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no tenant never'),
    });
  });
});
