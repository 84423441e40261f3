import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { acting, plantCapability } from '../support/acting.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { invitationCalls, somebodyNew, tokensFor } from '../support/invitations.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { startSmtp } from '../support/smtp.js';
import type { Person, Tenant } from '../support/world.js';

const { db } = useDatabase();
const { a, b, nobody } = db.world;
const held = {} as { app: TestApp };
const { invite, list, resend, revoke, preview } = invitationCalls(held);
let owner: string;
let admin: string;
let stranger: string;

beforeAll(async () => {
  held.app = await startApp(db);
  const tokenOf = async (id: string): Promise<string> => (await grantTo(held.app, db, id, { aal: 2 })).accessToken;
  [owner, admin] = [await tokenOf(a.users.owner.id), await tokenOf(a.users.admin.id)];
  stranger = await tokenOf(b.users.owner.id);
});

const rowsTo = (email: string) => db.look('select id, role_id from app.invitations where email = $1', [email]);
const onlyToken = async (email: string): Promise<string> => (await tokensFor(db, email)).at(-1) ?? '';

describe('inviting', () => {
  it('answers with what it made, lists it, and shows its token nowhere', async () => {
    const email = somebodyNew();
    const made = await invite(admin, email, a.roles.member, { metadata: { team: 'north', seats: [1, { of: 2 }] } });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email,
      roleId: a.roles.member,
      invitedBy: a.users.admin.id,
      metadata: { team: 'north', seats: [1, { of: 2 }] },
      expiresAt: expect.any(String),
      createdAt: expect.any(String),
    });
    const days = (Date.parse(made.body.expiresAt) - Date.parse(made.body.createdAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 3);
    const listed = await list(admin);
    expect(listed.body.items[0]).toEqual(made.body);
    const token = await onlyToken(email);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(made.text + listed.text).not.toContain(token);
    const stored = await db.look<{ t: string }>(
      'select i::text as t from app.invitations i union all select m::text from auth.mail_outbox m',
    );
    expect(stored.filter(({ t }) => t.includes(token) || t.includes(Buffer.from(token).toString('hex')))).toEqual([]);
  });

  it('sends a mail with tenant, role and a link whose token is in the fragment, right after the answer', async () => {
    const smtp = await startSmtp(db);
    const sending = { app: await startApp(db, { SMTP_URL: smtp.url }) };
    const { accessToken } = await grantTo(sending.app, db, a.users.owner.id, { aal: 2 });
    const email = somebodyNew();
    expect((await invitationCalls(sending).invite(accessToken, email, a.roles.viewer)).status).toBe(201);
    const mail = await smtp.waitFor((one) => one.to.includes(email));
    expect([mail.envelopeTo, mail.subject]).toEqual([[email], 'You are invited to Ringfence']);
    for (const word of ['Tenant alpha', 'Viewer', '7 days']) {
      expect(mail.text).toContain(word);
      expect(mail.html).toContain(word);
    }
    expect(mail.links).toHaveLength(1);
    expect(mail.links[0]).toMatch(/^http:\/\/[^/]+\/account\/invitation#token=[\w-]{43}$/);
    await sending.app.nest.close(); // it would send the mails that other tests look for
  });

  it('keeps neither mail nor invitation when one of them cannot be', async () => {
    const [email, until] = [somebodyNew(), 'add constraint planted check (template <> $$invitation$$)'];
    const owners = await db.as('owner');
    await owners.query(`alter table auth.mail_outbox ${until} not valid`);
    expectProblem(await invite(admin, email, a.roles.viewer), 400);
    await owners.query('alter table auth.mail_outbox drop constraint planted');
    expect([await rowsTo(email), await tokensFor(db, email)]).toEqual([[], []]);
  });

  it('is for a role below one’s own', async () => {
    for (const [who, role] of [
      [admin, a.roles.admin],
      [admin, a.roles.owner],
      [owner, a.roles.owner],
    ] as const) {
      const email = somebodyNew();
      expectProblem(await invite(who, email, role), 403, 'role_not_below');
      expect([await rowsTo(email), await tokensFor(db, email)]).toEqual([[], []]);
    }
    for (const role of [b.roles.viewer, randomUUID()])
      expectProblem(await invite(admin, somebodyNew(), role), 422, 'role_not_found');
  });

  it('needs the permission, and AAL2', async () => {
    const weak = (await grantTo(held.app, db, a.users.admin.id)).accessToken;
    const member = (await grantTo(held.app, db, a.users.member.id, { aal: 2 })).accessToken;
    const { id } = (await invite(admin, somebodyNew(), a.roles.viewer)).body;
    for (const call of [
      (token: string) => invite(token, somebodyNew(), a.roles.viewer),
      (token: string) => resend(token, id),
      (token: string) => revoke(token, id),
    ]) {
      expectProblem(await call(weak), 403, 'aal2_required');
      expectProblem(await call(member), 403, 'permission_missing');
    }
    expectProblem(await list(member), 403, 'permission_missing');
    expect((await list(weak)).status).toBe(200);
  });

  it('of an address that is invited already is refused, however it is spelt, until that one is out of the way', async () => {
    const email = somebodyNew();
    const first = await invite(admin, email, a.roles.member);
    expect(first.status).toBe(201);
    expectProblem(await invite(owner, email.toUpperCase(), a.roles.viewer), 409, 'invitation_pending');
    expect(await tokensFor(db, email)).toHaveLength(1);
    expect((await revoke(admin, first.body.id)).status).toBe(204);
    expect((await invite(owner, email, a.roles.viewer)).status).toBe(201);
    await db.look('update app.invitations set expires_at = now() where email = $1', [email]);
    expect((await invite(owner, email, a.roles.member)).status).toBe(201);
    expect(await rowsTo(email)).toHaveLength(1);
  });

  it('of a member is refused', async () => {
    expectProblem(await invite(admin, a.users.viewer.email.toUpperCase(), a.roles.member), 409, 'already_member');
  });

  it('answers the same for an address that nobody has and for one that has an account elsewhere', async () => {
    const answers = [];
    for (const email of [nobody.email, b.users.member.email, (await newcomer(db, [b, 'owner'])).email, somebodyNew()]) {
      const made = await invite(admin, email, a.roles.viewer);
      expect((await preview(await onlyToken(email))).status).toBe(200);
      answers.push(told({ ...made, body: { ...made.body, id: '', email: '', createdAt: '', expiresAt: '' } }));
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('takes no address without a canonical form, and no metadata but a small object', async () => {
    for (const email of [
      'x',
      'a b@example.com',
      'a\u200b@example.com',
      'a@b@example.com',
      '"a b"@example.com',
      'a@[127.0.0.1]',
      `a@${'x'.repeat(64)}.com`,
    ])
      // prettier-ignore
      expectProblem(await invite(admin, email, a.roles.viewer), 400, 'validation_failed');
    for (const metadata of [null, [], 'x', 1, { long: 'x'.repeat(5_000) }])
      expectProblem(await invite(admin, somebodyNew(), a.roles.viewer, { metadata }), 400, 'validation_failed');
  });
});

describe('an invitation', () => {
  it('is revoked, and then counts as one that never was', async () => {
    const email = somebodyNew();
    const { id } = (await invite(admin, email, a.roles.member)).body;
    const token = await onlyToken(email);
    expect((await revoke(admin, id)).status).toBe(204);
    expect(told(await preview(token))).toEqual(told(await preview('A'.repeat(43))));
    expectProblem(await revoke(admin, id), 404, 'not_found');
    expectProblem(await resend(admin, id), 404, 'not_found');
  });

  it('is sent again with a new token, for seven more days, in the name of whoever sends it', async () => {
    const email = somebodyNew();
    const { id } = (await invite(admin, email, a.roles.member)).body;
    await db.look(`update app.invitations set expires_at = now() - interval '1 day' where id = $1`, [id]);
    const again = await resend(owner, id);
    expect([again.status, again.body.invitedBy, again.body.id]).toEqual([200, a.users.owner.id, id]);
    expect(Date.parse(again.body.expiresAt)).toBeGreaterThan(Date.now() + 6.9 * 86_400_000);
    const [first = '', second = ''] = await tokensFor(db, email);
    expect(second).not.toBe(first);
    expectProblem(await preview(first), 404, 'invitation_invalid');
    expect((await preview(second)).status).toBe(200);
  });

  it('into a role that is not below one’s own is neither sent again nor revoked', async () => {
    const { id } = (await invite(owner, somebodyNew(), a.roles.admin)).body;
    expectProblem(await resend(admin, id), 403, 'role_not_below');
    expectProblem(await revoke(admin, id), 403, 'role_not_below');
    expect((await revoke(owner, id)).status).toBe(204);
  });

  it('of another tenant is one that never existed', async () => {
    const email = somebodyNew();
    const { id } = (await invite(admin, email, a.roles.viewer)).body;
    for (const call of [resend, revoke]) {
      const [theirs, nobodys] = [await call(stranger, id), await call(stranger, randomUUID())];
      expectProblem(theirs, 404, 'not_found');
      nobodys.body.instance = theirs.body.instance;
      expect(told(theirs)).toEqual(told(nobodys));
    }
    expect((await list(stranger)).text).not.toContain(id);
    expect((await invite(stranger, email, b.roles.viewer)).status).toBe(201); // each tenant may invite them
    expect(await rowsTo(email)).toHaveLength(2);
  });

  it('is listed newest first, a page at a time', async () => {
    const whole = (await list(admin, '?limit=100')).body.items.map(({ id }: { id: string }) => id);
    expect(whole.length).toBeGreaterThan(3);
    expect(whole).toEqual([...whole].sort().reverse());
    const first = await list(admin, '?limit=2');
    expect(first.headers.get('link')).toContain('rel="next"');
    const second = await list(admin, `?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items].map(({ id }) => id)).toEqual(whole.slice(0, 4));
    expectProblem(await list(stranger, `?cursor=${first.body.nextCursor}`), 400, 'cursor_invalid');
  });

  it('blocks the removal of its role', async () => {
    const made = await held.app.call('POST', '/v1/roles', {
      token: owner,
      body: { name: 'Guest', permissions: [], parentIds: [a.roles.admin] },
    });
    const { id } = (await invite(owner, somebodyNew(), made.body.id)).body;
    const remove = () =>
      held.app.call('DELETE', `/v1/roles/${made.body.id}`, { token: owner, headers: { 'If-Match': '*' } });
    expectProblem(await remove(), 409, 'role_in_use');
    await revoke(owner, id);
    expect((await remove()).status).toBe(204);
  });

  it('is kept by the database, with the guards out of the way', async () => {
    const { id } = (await invite(owner, somebodyNew(), a.roles.admin)).body;
    const app = await db.as('app');
    const invites = (role: string) => [`app.invite('${somebodyNew()}', $1, '{}', sha256('x'), uuidv7(), 'x')`, role];
    const sends = [`app.resend_invitation($1, sha256('x'), uuidv7(), 'x')`, id];
    const revokes = ['app.revoke_invitation($1)', id];
    const as = async (person: Person, tenant: Tenant, aal: 1 | 2, code: string, ...calls: string[][]) => {
      const { cap } = await plantCapability(db, tenant, person, aal);
      for (const [text, argument] of calls)
        await expect(acting(app, cap, () => app.query(`select ${text}`, [argument]))).rejects.toMatchObject({ code });
    };
    await as(a.users.owner, a, 1, 'RF004', invites(a.roles.viewer), sends, revokes);
    await as(a.users.member, a, 2, 'RF007', invites(a.roles.viewer), sends, revokes);
    await as(a.users.admin, a, 2, 'RF005', invites(a.roles.admin), invites(a.roles.owner), sends, revokes);
    await as(b.users.owner, b, 2, 'P0002', sends, revokes);
    await as(b.users.owner, b, 2, 'RF016', invites(a.roles.viewer));
  });

  it('is written by the application in no other way, and its hash is not read', async () => {
    const app = await db.as('app');
    for (const sql of [
      'insert into app.invitations (email) values ($$a@example.com$$)',
      'update app.invitations set email = $$a@example.com$$',
      'delete from app.invitations',
      'select token_hash from app.invitations',
      'select * from app.invitations',
      'select app.canonical_email($$a@example.com$$), auth.invitation_of($$x$$)',
    ])
      await expect(app.query(sql)).rejects.toMatchObject({ code: '42501' });
    expect((await app.query('select id from app.invitations')).rows).toEqual([]); // without a context, nothing
  });
});
