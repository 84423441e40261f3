import { beforeAll, describe, expect, it } from '@jest/globals';
import { INSTALLATION, RefusalLog } from '../../src/modules/audit/index.js';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';
import { plantCapability } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import type { Person } from '../support/world.js';
import { download, linesOf, sealAll, verify } from './exported.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const AGENT = 'agent-of-somebody/1';
let person: Person;
let before: string;

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const env = { SERVICE_DATABASE_URL: db.connections.service };
  return { code: await runCli(args, COMMANDS, { env, out: print, err: print }), text: lines.join('\n') };
}

const ownerOf = async (tenant: typeof a): Promise<string> =>
  (await grantTo(held.app, db, tenant.users.owner.id, { tenant: tenant.id, aal: 2 })).accessToken;
const read = async (query: string, tenant = a): Promise<any> =>
  (await held.app.call('GET', `/v1/audit-log${query}`, { token: await ownerOf(tenant) })).body;

beforeAll(async () => {
  person = await newcomer(db, [a, 'member'], [b, 'member']);
  const body = { title: 'x', amount: '1.00', currency: 'EUR' };
  for (const { id } of [a, b]) {
    const { accessToken: token } = await grantTo(held.app, db, person.id, { tenant: id });
    await held.app.call('POST', '/v1/deals', { token, body, headers: { 'user-agent': AGENT } });
  }
  await db.look(`update app.profiles set full_name = 'Another Name' where user_id = $1`, [person.id]);
  await sealAll(held.app, db);
  before = (await download(held.app, await ownerOf(a))).text;
});

describe('erasing a person from a log', () => {
  it('is told apart from somebody who is not in it', async () => {
    expect(await run('audit', 'erase', a.slug, 'x')).toMatchObject({ code: 2 });
    for (const whom of [[], [person.id, '--all']])
      expect(await run('audit', 'erase', a.slug, ...whom)).toMatchObject({
        code: 2,
        text: expect.stringContaining('one of the two'),
      });
    expect(await run('audit', 'erase', a.slug, b.users.owner.id)).toMatchObject({
      code: 1,
      text: expect.stringContaining('holds no names'),
    });
    expect(before).toContain('Another Name');
    expect(before).toContain(person.email);
    expect(before).toContain(AGENT);
  });

  it('leaves nothing of them in it, in the API and in exports', async () => {
    expect((await run('audit', 'erase', a.slug, person.id)).code).toBe(0);
    await sealAll(held.app, db);
    const [made] = (await read(`?actorId=${person.id}&action=deal.created`)).items;
    expect(made).toMatchObject({ actorId: person.id, address: null, userAgent: null, after: { title: 'x' } });
    const [renamed, joined] = (await read(`?targetId=${person.id}&action=database.changed`)).items;
    expect(renamed).toMatchObject({ before: { personal: '[erased]' }, after: { personal: '[erased]' } });
    expect(joined.after).toMatchObject({ personal: '[erased]' });
    expect((await read(`/${renamed.id}`)).changes).toEqual([
      {
        type: 'member',
        id: person.id,
        op: 'update',
        before: { personal: '[erased]' },
        after: { personal: '[erased]' },
      },
    ]);
    const { text } = await download(held.app, await ownerOf(a));
    for (const word of ['Another Name', person.email, AGENT]) expect(text).not.toContain(word);
    const [erased] = (await read('?action=audit.subject_erased')).items;
    expect(erased).toMatchObject({ actorType: 'command_line', targetType: 'user', targetId: person.id });
  });

  it('leaves every row and proof as it was', async () => {
    const { text } = await download(held.app, await ownerOf(a));
    const early = linesOf(before).flatMap(({ checkpoint }) => checkpoint ?? []);
    const proved = await verify(text, { checkpoints: early });
    expect(proved.openings).toBeGreaterThan(0); // of the others
    const entries = (of: string): unknown[] =>
      linesOf(of).flatMap(({ entry, hash }) => (entry ? [{ entry, hash }] : []));
    expect(entries(text).slice(0, entries(before).length)).toEqual(entries(before));
    const [made] = (await read(`?actorId=${person.id}&action=deal.created`)).items;
    expect((await read(`/${made.id}/proof`)).seq).toBe(made.seq);
  });

  it('leaves other logs, and what they do from now on, readable', async () => {
    const [made] = (await read(`?actorId=${person.id}&action=deal.created`, b)).items;
    expect(made).toMatchObject({ userAgent: AGENT });
    const { accessToken: token } = await grantTo(held.app, db, person.id, { tenant: a.id });
    await held.app.call('POST', '/v1/deals', {
      token,
      body: { title: 'y', amount: '1.00', currency: 'EUR' },
      headers: { 'user-agent': AGENT },
    });
    expect((await read(`?actorId=${person.id}&action=deal.created`)).items.map((one: any) => one.userAgent)).toEqual([
      AGENT,
      null,
    ]);
  });
});

describe('erasing a person who was invited', () => {
  it('takes the name and address in their invitation, and nobody’s whom an entry of theirs only names', async () => {
    const invited = await newcomer(db, [a, 'member']);
    const [admin, auth, app] = [await db.as('admin'), await db.as('auth'), await db.as('app')];
    const [{ invitation }] = (await admin.query('select gen_random_uuid() as invitation')).rows;
    const owner = a.users.owner.id;
    const subjects = [invitation, owner, invited.id];
    for (const subject of subjects) await admin.query('select app.vault_key($1, $2)', [a.id, subject]);
    await auth.query(
      `select auth.record_audit($1, $2, $2, null, 'invitation.accepted', 'invitation', $3, 'success', null, 1, '{}', null)`,
      [a.id, invited.id, invitation],
    );
    const { cap } = await plantCapability(db, a, invited);
    await app.query('begin');
    await app.query(`select app.enter($1, '{}')`, [cap]);
    await app.query(`select app.record_audit('invitation.accepted', 'invitation', $1, '{}', null)`, [owner]);
    await app.query('commit');
    const keys = async (): Promise<string[]> => {
      const { rows } = await admin.query(
        'select subject_id as s, key_id as k from auth.vault_keys where tenant_id = $1 and subject_id = any ($2)',
        [a.id, subjects],
      );
      return subjects.map((subject) => rows.find(({ s }) => s === subject)?.k ?? 'none');
    };
    const before = await keys();
    expect((await run('audit', 'erase', a.slug, invited.id)).code).toBe(0);
    const after = await keys();
    expect([after[0], after[1]]).toEqual(['none', before[1]]);
    expect(after[2]).not.toBe(before[2]);
  });
});

describe('erasing everybody from a log', () => {
  it('leaves nothing of anybody in it, and other logs and every proof as they were', async () => {
    await sealAll(held.app, db);
    const { text: readable } = await download(held.app, await ownerOf(a));
    expect((await verify(readable)).openings).toBeGreaterThan(0);
    for (const word of [AGENT, '"openings"']) expect(readable).toContain(word);
    const keys = 'select count(*)::int as n from auth.vault_keys where tenant_id = $1';
    const { n } = (await (await db.as('admin')).query<{ n: number }>(keys, [a.id])).rows[0] ?? { n: 0 };
    const done = await run('audit', 'erase', a.slug, '--all');
    expect(done).toMatchObject({ code: 0, text: expect.stringContaining(`everybody, ${n} in all`) });
    await sealAll(held.app, db);
    const { text } = await download(held.app, await ownerOf(a));
    const old = text.split('\n').slice(0, linesOf(readable)[0]?.header?.size).join('\n');
    for (const word of [AGENT, '"openings"']) expect(old).not.toContain(word);
    await verify(text, { checkpoints: linesOf(readable).flatMap(({ checkpoint }) => checkpoint ?? []) });
    const [erased] = (await read('?action=audit.subjects_erased')).items;
    expect(erased).toMatchObject({ actorType: 'command_line', targetType: 'audit', details: { subjects: n } });
    const [made] = (await read(`?actorId=${person.id}&action=deal.created`, b)).items;
    expect(made).toMatchObject({ userAgent: AGENT });
  });

  it('is for the command line and operators alone', async () => {
    const erase = `select app.erase_audit_subjects('${a.id}')`;
    await expect(db.look(erase)).rejects.toMatchObject({ code: 'RF023' });
    for (const role of ['app', 'auth'] as const)
      await expect((await db.as(role)).query(erase)).rejects.toMatchObject({ code: '42501' });
  });
});

it('erases together what those left whom nobody knows', async () => {
  const body = { email: 'unheard-of@example.com', password: 'not a password' };
  await held.app.call('POST', '/v1/auth/login', { body, headers: { 'user-agent': AGENT } });
  await held.app.nest.get(RefusalLog, { strict: false }).flush();
  const opened = async (): Promise<unknown[]> =>
    (await (await db.as('admin')).query(
      `select o.value from app.audit_log l cross join lateral app.open_audit(l.tenant_id, array[l.id]) o
        where l.tenant_id = $1 and l.action = 'session.signed_in' and l.actor_type = 'nobody'`, [INSTALLATION],
    )).rows; // prettier-ignore
  expect(await opened()).toEqual([{ value: expect.stringContaining(AGENT) }]);
  expect(await run('audit', 'erase', 'platform', INSTALLATION)).toMatchObject({ code: 0 });
  expect(await opened()).toEqual([]);
});
