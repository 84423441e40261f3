import { beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';
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
