import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RefusalLog } from '../../src/modules/audit/index.js';
import { detailsOf } from '../../src/modules/audit/audit-trail.js';
import { InvitationActions } from '../../src/modules/invitations/invitations.actions.js';
import { auditCatalogue } from '../../src/route/index.js';
import { sealAll } from '../audit/exported.js';
import { type Answer, type Tokens, useApp } from '../support/app.js';
import { parseCheckpoint } from '../support/checkpoint-note.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { verifyConsistency, verifyInclusion } from '../support/merkle-verify.js';
import { expectProblem, told } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;

let session: Tokens;
let admin: string;
let other: string;
let dealId: string;
let foreignId: string;

const read = <Body = any>(query: string, token = admin): Promise<Answer<Body>> =>
  held.app.call('GET', `/v1/audit-log${query}`, { token });
const items = async (query: string, token = admin): Promise<any[]> => (await read(query, token)).body.items;
const seal = (): Promise<void> => sealAll(held.app, db);
const patch = (body: object, token = admin): Promise<Answer> =>
  held.app.call('PATCH', `/v1/deals/${dealId}`, {
    token,
    body,
    headers: { 'If-Match': '*', 'user-agent': 'auditor-test/1', 'x-request-id': 'req-42' },
  });

beforeAll(async () => {
  session = await grantTo(held.app, db, a.users.admin.id, { tenant: a.id });
  admin = session.accessToken;
  other = (await grantTo(held.app, db, b.users.owner.id, { tenant: b.id })).accessToken;
  const body = { title: 'New roof', amount: '1200.50', currency: 'EUR' };
  dealId = (await held.app.call('POST', '/v1/deals', { token: admin, body })).body.id;
  await patch({ stage: 'won', title: 'Old roof' });
  await held.app.call('POST', '/v1/deals', { token: other, body });
  foreignId = (await items('?action=deal.created', other))[0].id;
});

describe('the audit log over HTTP', () => {
  it('shows who did what, to what, from where, before and after', async () => {
    const [entry] = await items(`?targetId=${dealId}`);
    expect(entry).toEqual({
      id: expect.any(String),
      seq: null,
      actorId: a.users.admin.id,
      actorType: 'user',
      sessionId: sessionIdOf(session),
      action: 'deal.updated',
      targetType: 'deal',
      targetId: dealId,
      outcome: 'success',
      code: null,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      requestId: 'req-42',
      count: 1,
      before: { title: 'New roof', stage: 'lead' },
      after: { title: 'Old roof', stage: 'won' },
      details: null,
      address: '127.0.0.1',
      userAgent: 'auditor-test/1',
    });
    const single = await read(`/${entry.id}`);
    const changes = [{ type: 'deal', id: dealId, op: 'update', before: entry.before, after: entry.after }];
    expect([single.status, single.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(single.body).toEqual({ ...entry, changes });
  });

  it('says of a list what was taken and what was added, of a row that came or went all', async () => {
    const { accessToken: token } = await grantTo(held.app, db, a.users.owner.id, { tenant: a.id, aal: 2 });
    const call = async (method: string, path: string, body?: object): Promise<any> =>
      (await held.app.call(method, `/v1/roles${path}`, { token, body, headers: { 'If-Match': '*' } })).body;
    const permissions = ['deal:create', 'deal:read'];
    const { id } = await call('POST', '', { name: 'Clerk', slug: 'clerk', permissions, parentIds: [a.roles.admin] });
    await call('PUT', `/${id}/permissions`, { permissions: ['deal:read', 'deal:update'] });
    await call('PUT', `/${id}/permissions`, { permissions: ['deal:read'] });
    await call('PUT', `/${id}/permissions`, { permissions });
    await call('DELETE', `/${id}`);
    const sides = (await items(`?targetId=${id}`)).map(({ before, after }) => [before, after]).reverse();
    expect(sides).toMatchObject([
      [null, { name: 'Clerk', permissions: expect.arrayContaining(permissions), parents: [a.roles.admin] }],
      [{ permissions: ['deal:create'] }, { permissions: ['deal:update'] }],
      [{ permissions: ['deal:update'] }, { permissions: [] }],
      [{ permissions: [] }, { permissions: ['deal:create'] }],
      [{ name: 'Clerk', permissions: expect.arrayContaining(permissions), parents: [a.roles.admin] }, null],
    ]);
  });

  it('finds by each filter, and by rows that changed with an entry', async () => {
    const [updated, created] = await items(`?targetId=${dealId}`);
    const ids = async (query: string): Promise<string[]> => (await items(query)).map(({ id }) => id);
    expect(await ids('?action=deal.updated')).toEqual([updated.id]);
    expect(await ids(`?actorId=${a.users.admin.id}&targetType=deal`)).toEqual([updated.id, created.id]);
    expect(await ids(`?actorId=${a.users.member.id}`)).toEqual([]);
    expect(await ids(`?targetId=${dealId}&outcome=denied`)).toEqual([]);
    expect(await ids(`?targetId=${dealId}&from=${updated.at}`)).toEqual([updated.id]);
    expect(await ids(`?targetId=${dealId}&to=${updated.at}`)).toEqual([created.id]);
    // one transaction, recorded as something else: the row is found, with the entry that it changed with
    const [row] = await db.look<{ id: string }>(
      `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency) values ($1, $2, $3, 'x', 1, 'EUR') returning id`,
      [a.id, a.users.owner.id, a.roles.owner],
    );
    await db.look(`update app.deals set title = 'by hand' where id = any($1)`, [[row?.id, dealId]]);
    const [byHand, ...rest] = await items(`?targetId=${dealId}`);
    expect([byHand.action, byHand.actorType, byHand.details]).toEqual([
      'database.changed',
      'database',
      { role: 'ringfence_service' },
    ]);
    expect(rest.map(({ id }) => id)).toEqual([updated.id, created.id]);
    expect(await ids(`?targetId=${row?.id}`)).toContain(byHand.id);
    expect(await ids(`?targetId=${dealId}&targetType=deal&action=database.changed`)).toEqual([byHand.id]);
    expect(await ids(`?targetId=${dealId}&targetType=role`)).toEqual([]);
    expect((await read(`/${byHand.id}`)).body.changes).toHaveLength(2);
  });

  it('pages newest first without a gap or a repeat, with each filter', async () => {
    for (const filter of ['', `targetId=${dealId}`, 'targetType=deal']) {
      const whole = (await items(`?limit=100&${filter}`)).map(({ id }) => id);
      expect(whole).toEqual([...whole].sort().reverse());
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Answer = await read(`?limit=2&${filter}${cursor && `&cursor=${cursor}`}`);
        seen.push(...page.body.items.map(({ id }: { id: string }) => id));
        cursor = page.body.nextCursor as string | null;
      }
      expect(seen).toEqual(whole);
    }
    const { nextCursor } = (await read('?limit=1')).body;
    expectProblem(await read(`?limit=1&cursor=${nextCursor}`, other), 400, 'cursor_invalid');
    expectProblem(await read(`?limit=1&cursor=${nextCursor}&outcome=denied`), 400, 'cursor_invalid');
  });

  it.each(['from=yesterday', 'from=2026-13-01T00:00:00Z', 'from=2026-11-21', 'to=0000-01-01T00:00:00Z', 'outcome=none', 'action=x', 'action=Deal.updated', 'targetType=a-b', 'actorId=1', 'x=1'])(
    'refuses ?%s',
    async (query) => expectProblem(await read(`?${query}`), 400),
  ); // prettier-ignore

  it('shows a tenant nothing of another one', async () => {
    await seal();
    const mine = (await items('?limit=100')).map(({ id }) => id);
    const theirs = (await items('?limit=100', other)).map(({ id }) => id);
    expect(theirs).toContain(foreignId);
    expect(mine.filter((id) => theirs.includes(id))).toEqual([]);
    expect(await items(`?targetId=${dealId}`, other)).toEqual([]);
    expect(await items(`?actorId=${a.users.admin.id}`, other)).toEqual([]);
    for (const path of ['', '/proof']) {
      const random = randomUUID();
      const [foreign, nothing, garbage] = await Promise.all([
        read(`/${foreignId}${path}`),
        read(`/${random}${path}`),
        read(`/ffffffff-ffff-7fff-bfff-ffffffffffff${path}`),
      ]);
      expectProblem(foreign, 404, 'not_found');
      const words = (answer: Answer): string =>
        JSON.stringify(told(answer)).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
      expect([words(nothing), words(garbage)]).toEqual([words(foreign), words(foreign)]);
    }
  });

  it('needs its permission, for each of its reads', async () => {
    const member = (await grantTo(held.app, db, a.users.member.id, { tenant: a.id, aal: 2 })).accessToken;
    const paths = [
      '',
      `/${foreignId}`,
      `/${foreignId}/proof`,
      '/checkpoints',
      '/consistency?from=0&to=0',
      '/keys',
      '/verifier',
      '/export',
    ];
    for (const path of paths) {
      const answer = await read(path, member);
      expect([path, answer.status, answer.body?.code]).toEqual([path, 403, 'permission_missing']);
    }
  });
});

describe('proofs over HTTP', () => {
  it('says that an entry has no number yet, and when to ask again', async () => {
    await patch({ stage: 'lead' });
    const [entry] = await items(`?targetId=${dealId}`);
    const answer = await read(`/${entry.id}/proof`);
    expectProblem(answer, 409, 'not_sealed_yet');
    expect(answer.headers.get('retry-after')).toBe('2');
    await held.app.nest.get(RefusalLog, { strict: false }).flush();
    expect(await items('?outcome=failure')).toEqual([]); // to ask too early is nothing that was refused
  });

  it('proves every entry against the latest checkpoint', async () => {
    await seal();
    const entries = await items('?limit=100');
    expect(entries.length).toBeGreaterThan(5);
    for (const { id, seq, action } of entries) {
      const { status, body } = await read(`/${id}/proof`);
      const { size, root } = parseCheckpoint(body.checkpoint);
      const leaf = Buffer.from(body.leafHash, 'base64');
      const path = body.inclusionPath.map((hash: string) => Buffer.from(hash, 'base64'));
      expect([status, body.seq, body.size, JSON.parse(body.entry).action]).toEqual([200, seq, size, action]);
      expect(createHash('sha256').update('\0').update(body.entry).digest()).toEqual(leaf);
      expect(verifyInclusion({ seq, size, leaf, root }, path)).toBe(true);
      expect(verifyInclusion({ seq: (seq + 1) % size, size, leaf, root }, path)).toBe(false);
    }
  });

  it('lists checkpoints, and proves that one follows from another', async () => {
    await patch({ stage: 'won' });
    await patch({ stage: 'lead' });
    await seal();
    const newest = (await read('/checkpoints?limit=1')).body;
    const [last] = newest.items;
    const [before] = (await read(`/checkpoints?limit=1&cursor=${newest.nextCursor}`)).body.items;
    expect(parseCheckpoint(last.note)).toMatchObject({
      tenantId: a.id,
      size: last.size,
      epoch: last.epoch,
      at: last.at,
    });
    const { status, body } = await read(`/consistency?from=${before.size}&to=${last.size}`);
    const claim = {
      from: before.size,
      to: last.size,
      fromRoot: Buffer.from(before.root, 'base64'),
      toRoot: Buffer.from(last.root, 'base64'),
    };
    const path = body.path.map((hash: string) => Buffer.from(hash, 'base64'));
    expect([status, body.from, body.to, verifyConsistency(claim, path)]).toEqual([200, before.size, last.size, true]);
    expect(verifyConsistency({ ...claim, fromRoot: claim.toRoot }, path)).toBe(false);
    expectProblem(await read(`/consistency?from=${last.size}&to=${before.size}`), 400, 'validation_failed');
    expectProblem(await read(`/consistency?from=0&to=${last.size + 1}`), 422, 'size_not_reached');
    for (const query of ['from=1', 'from=-1&to=1', 'from=0x1&to=1', 'from=1&to=99999999999999999'])
      expectProblem(await read(`/consistency?${query}`), 400);
    expectProblem(await read(`/checkpoints?cursor=${newest.nextCursor}`, other), 400, 'cursor_invalid');
  });

  it('hands out the keys and the program that verify', async () => {
    const keys = (await read('/keys')).body.items;
    const [signer] = await db.look<{ key: string }>(
      'select verifier_key as key from app.audit_checkpoints where tenant_id = $1 limit 1',
      [a.id],
    );
    expect(keys).toEqual([{ key: signer?.key, held: true }]);
    const program = await read('/verifier');
    expect([program.status, program.headers.get('content-disposition')]).toEqual([
      200,
      'attachment; filename="ringfence-audit-verify.mjs"',
    ]);
    expect(program.text).toMatch(/^#!\/usr\/bin\/env node/);
  });
});

describe('the catalogue of actions', () => {
  it('is the table in docs/audit-format.md', () => {
    const rows = auditCatalogue().map(
      ({ code, targetType, description }) => `| \`${code}\` | \`${targetType}\` | ${description} |`,
    );
    const table = readFileSync('docs/audit-format.md', 'utf8').match(/^\| `[a-z_.]+` \| `[a-z_]+` \|.*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(30);
    expect(table).toEqual(rows);
  });

  it('masks what the tables of its targets mask, and no more', async () => {
    const triggers = await db.look<{ args: string[] }>(
      `select string_to_array(encode(t.tgargs, 'escape'), '\\000') as args from pg_trigger t where t.tgname = 'audit_insert'`,
    );
    const masked = new Map<string, string[]>();
    const listed = (array = ''): string[] => array.slice(1, -1).split(',').filter(Boolean);
    for (const { args } of triggers) {
      const [type = '', secrets, columns, names] = [args[0], args[4], args[7], args[8]];
      const named = listed(secrets).map((column) => listed(names)[listed(columns).indexOf(column)] ?? `no ${column}`);
      masked.set(type, [...(masked.get(type) ?? []), ...named]);
    }
    expect(masked.get('invitation')).toEqual(['tokenHash']);
    for (const { code, targetType, masked: declared } of auditCatalogue())
      expect([code, declared]).toEqual([code, masked.get(targetType) ?? []]);
    const targets = auditCatalogue().map(({ targetType }) => targetType);
    for (const [type, secrets] of masked) if (secrets.length > 0) expect(targets).toContain(type);
    const noted = detailsOf(InvitationActions.created, { tokenHash: 'x', deep: [{ tokenHash: 'x' }], n: 1 });
    expect(JSON.parse(noted ?? '')).toEqual({ tokenHash: '[masked]', deep: [{ tokenHash: '[masked]' }], n: 1 });
  });
});
