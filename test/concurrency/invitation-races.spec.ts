import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { KeyRing } from '../../src/config/index.js';
import { plantCapability } from '../support/acting.js';
import type { Answer } from '../support/app.js';
import { call } from '../support/call.js';
import { useDatabase } from '../support/database.js';
import { newAccount, plantInvitation, somebodyNew } from '../support/invitations.js';
import { lockAwaited } from '../support/lock-awaited.js';
import { newcomer } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';
import { PASSWORD, type Person } from '../support/world.js';

/*
 * Accepting against accepting, and against everything that makes an invitation void, over two server processes on one
 * database: whichever comes first counts, and nothing is ever half done.
 */

const { db } = useDatabase();
const { a, b } = db.world;
const AT_ONCE = 50;
let home: string;
let ring: KeyRing;
let pods: ServerProcess[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ringfence-race-'));
  const file = join(home, 'keyring.json');
  await writeFile(file, JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }));
  ring = await KeyRing.load(file);
  const env = { NODE_ENV: 'test', PUBLIC_URL: 'http://ringfence.test', KEY_RING_FILE: file, LOG_LEVEL: 'silent' };
  pods = await Promise.all([ServerProcess.start(db, env), ServerProcess.start(db, env)]);
});

afterAll(async () => {
  await Promise.all(pods.map((pod) => pod.stop()));
  await rm(home, { recursive: true, force: true });
});

const post = (path: string, body: unknown, token?: string, n = 0): Promise<Answer> =>
  call(pods[n % pods.length]!.url, 'POST', path, { body, token });
const accept = (token: string, bearer?: string, n = 0): Promise<Answer> =>
  post('/v1/invitations/accept', { token, ...(bearer ? {} : newAccount) }, bearer, n);
const signIn = async ({ email }: Person): Promise<string> =>
  (await post('/v1/auth/login', { email, password: PASSWORD })).body.accessToken;

const race = async (wish: (n: number) => Promise<Answer>, times = AT_ONCE): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  for (const { status, body } of await Promise.all(Array.from({ length: times }, (_, n) => wish(n)))) {
    const outcome = status < 300 ? 'won' : `${status} ${body?.code}`;
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
};

function expectOneWinner(counts: Map<string, number>, ...losses: string[]): void {
  expect(counts.get('won')).toBe(1);
  expect([...counts.keys()].filter((outcome) => outcome !== 'won' && !losses.includes(outcome))).toEqual([]);
}

/** Accounts, memberships and profiles of an address, and invitations to it. */
const traces = async (email: string): Promise<unknown> =>
  (
    await db.look(
      `select (select count(*)::int from auth.users u where u.email = $1) as accounts,
         (select count(*)::int from app.memberships m join auth.users u on u.id = m.user_id where u.email = $1) as memberships,
         (select count(*)::int from app.profiles p where p.email = $1) as profiles,
         (select count(*)::int from app.invitations i where i.email = $1) as invitations`,
      [email],
    )
  )[0];
const NOTHING = { accounts: 0, memberships: 0, profiles: 0, invitations: 0 };

/** Somebody's transaction, at AAL2, that has not committed yet. */
async function meanwhile(person: Person, text: string, ...values: unknown[]): Promise<Client> {
  const { cap } = await plantCapability(db, a, person, 2);
  const client = await db.as('app');
  await client.query('begin');
  await client.query(`select app.enter($1, '{}')`, [cap]);
  await client.query(text, values);
  return client;
}

/** Accepts while that transaction is open, and commits it once accepting waits for it. */
async function acceptDuring(token: string, other: Client): Promise<Answer> {
  const answer = accept(token);
  await lockAwaited(db, 'ringfence_auth');
  await other.query('commit');
  return answer;
}

async function inviting(): Promise<{ email: string; token: string; inviter: Person }> {
  const [email, inviter] = [somebodyNew(), await newcomer(db, [a, 'admin'])];
  return { email, inviter, token: await plantInvitation(db, a, email, { by: inviter.id, ring }) };
}

describe('one invitation', () => {
  it('accepted fifty times at once makes one account and one member', async () => {
    const { email, token } = await inviting();
    expectOneWinner(await race((n) => accept(token, undefined, n)), '404 invitation_invalid', '401 sign_in_to_accept');
    expect(await traces(email)).toEqual({ accounts: 1, memberships: 1, profiles: 1, invitations: 0 });
  });

  it('accepted fifty times at once by one who has an account makes one member', async () => {
    const person = await newcomer(db, [b, 'member']);
    const token = await plantInvitation(db, a, person.email, { ring });
    const bearer = await signIn(person);
    expectOneWinner(await race((n) => accept(token, bearer, n)), '404 invitation_invalid');
    expect(await traces(person.email)).toEqual({ accounts: 1, memberships: 2, profiles: 2, invitations: 0 });
  });

  it.each<[string, (one: Awaited<ReturnType<typeof inviting>>) => Promise<Client>]>([
    [
      'it is revoked',
      async ({ email }) => {
        const [row] = await db.look<{ id: string }>('select id from app.invitations where email = $1', [email]);
        return meanwhile(a.users.owner, 'select app.revoke_invitation($1)', row?.id);
      },
    ],
    [
      'it is sent again',
      async ({ email }) => {
        const [row] = await db.look<{ id: string }>('select id from app.invitations where email = $1', [email]);
        return meanwhile(a.users.owner, `select app.resend_invitation($1, sha256('new'), uuidv7(), 'x')`, row?.id);
      },
    ],
    [
      'its inviter is demoted',
      ({ inviter }) => meanwhile(a.users.owner, 'select app.assign_role($1, $2)', inviter.id, a.roles.viewer),
    ],
    [
      'its inviter is removed',
      ({ inviter }) => meanwhile(a.users.owner, 'select app.remove_member($1, null)', inviter.id),
    ],
    ['its inviter leaves', ({ inviter }) => meanwhile(inviter, 'select app.leave_tenant(null)')],
    [
      'the inviter’s role loses the permission',
      async ({ inviter }) => {
        const role = await roleOfItsOwn(inviter);
        return meanwhile(a.users.owner, `select app.set_role_permissions($1, '{}', null)`, role);
      },
    ],
  ])('is refused when %s while it is accepted', async (_, happens) => {
    const one = await inviting();
    const answer = await acceptDuring(one.token, await happens(one));
    expect([answer.status, answer.body.code]).toEqual([404, 'invitation_invalid']);
    expect(await traces(one.email)).toMatchObject({ accounts: 0, memberships: 0, profiles: 0 });
  });

  it('is not accepted into a tenant that is suspended at that moment', async () => {
    const { email, token } = await inviting();
    const service = await db.as('service');
    await service.query('begin');
    await service.query(`update app.tenants set status = 'suspended' where id = $1`, [a.id]);
    const answer = await acceptDuring(token, service);
    expect([answer.status, answer.body.code]).toEqual([409, 'concurrent_change']);
    expect((await accept(token)).body.code).toBe('invitation_invalid');
    expect(await traces(email)).toEqual({ ...NOTHING, invitations: 1 });
    await db.look(`update app.tenants set status = 'active' where id = $1`, [a.id]);
    expect((await accept(token)).status).toBe(200);
  });

  it('does not outlive a reset of the password: either it comes first or it is refused', async () => {
    const person = await newcomer(db, [b, 'member']);
    const token = await plantInvitation(db, a, person.email, { ring });
    const bearer = await signIn(person);
    const reset = await db.as('auth');
    await reset.query('begin');
    await reset.query('update auth.users set password_hash = $2 where id = $1', [person.id, 'x']);
    const answer = accept(token, bearer);
    await lockAwaited(db, 'ringfence_auth');
    await reset.query('delete from auth.sessions where user_id = $1', [person.id]);
    await reset.query('commit');
    expect([(await answer).status, (await answer).body.code]).toEqual([401, 'sign_in_to_accept']);
    expect(await db.look('select from auth.sessions where user_id = $1', [person.id])).toEqual([]);
  });
});

describe('two invitations', () => {
  it('of two tenants to one new address, accepted at once, make one account', async () => {
    const email = somebodyNew();
    const tokens = [await plantInvitation(db, a, email, { ring }), await plantInvitation(db, b, email, { ring })];
    const counts = await race((n) => accept(tokens[n % 2] ?? '', undefined, n), 10);
    expectOneWinner(counts, '404 invitation_invalid', '401 sign_in_to_accept');
    expect(await traces(email)).toEqual({ accounts: 1, memberships: 1, profiles: 1, invitations: 1 });
  });

  it('to one address in one tenant are one, with one mail, of eight at once', async () => {
    const email = somebodyNew();
    const caps = await Promise.all(Array.from({ length: 8 }, () => plantCapability(db, a, a.users.owner, 2)));
    const outcomes = await Promise.allSettled(
      caps.map(async ({ cap }) => {
        const client = await db.as('app');
        await client.query('begin');
        await client.query(`select app.enter($1, '{}')`, [cap]);
        const hash = randomBytes(32);
        await client.query(`select app.invite($1, $2, '{}', $3, uuidv7(), 'x')`, [email, a.roles.viewer, hash]);
        await client.query('commit');
      }),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(new Set(codes)).toEqual(new Set(['RF024']));
    expect(await db.look('select from auth.mail_outbox where recipient = $1', [email])).toHaveLength(1);
    expect(await traces(email)).toEqual({ ...NOTHING, invitations: 1 });
  });
});

/** Puts somebody into a role of their own, below the admins' and above the members', that may invite. @returns its id */
async function roleOfItsOwn({ id }: Person): Promise<string> {
  return db.service(async (client) => {
    const insert = `insert into app.roles (tenant_id, slug, name) values ($1, $2, 'Their own') returning id`;
    const [role] = await client.query<{ id: string }>(insert, [a.id, `own-${randomBytes(4).toString('hex')}`]);
    await client.query('insert into app.role_edges values ($1, $2, $3), ($1, $3, $4)', [a.id, a.roles.admin, role?.id, a.roles.member]); // prettier-ignore
    await client.query(`insert into app.role_permissions values ($1, $2, 'invitation:create')`, [a.id, role?.id]);
    await client.query('update app.memberships set role_id = $2 where user_id = $1', [id, role?.id]);
    return role?.id ?? '';
  });
}
