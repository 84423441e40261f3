import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { KeyRing } from '../../src/config/index.js';
import { invitationHashes, newSecret } from '../../src/modules/identity/index.js';
import { plantCapability } from '../support/acting.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { invitationCalls, newAccount, plantInvitation, somebodyNew, tokensFor } from '../support/invitations.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';

/* What is stored of a token is a hash under a key of the ring, which whoever writes SQL does not have. */

const { db } = useDatabase();
const { a, b } = db.world;
const [k1, k2] = [randomBytes(32), randomBytes(32)];
const before = new KeyRing('k1', new Map([['k1', k1], ['k2', k2]])); // prettier-ignore
const after = new KeyRing('k2', new Map([['k1', k1], ['k2', k2]])); // prettier-ignore
const held = {} as { app: TestApp };
const { invite, resend, preview, accept } = invitationCalls(held);
const rotated = {} as { app: TestApp };
const later = invitationCalls(rotated);

const startWith = (ring: KeyRing): Promise<TestApp> =>
  startApp(db, {}, (builder) => builder.overrideProvider(KeyRing).useValue(ring));

beforeAll(async () => {
  held.app = await startWith(before);
  rotated.app = await startWith(after);
});

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const tokenOf = async (id: string, wish: object = {}): Promise<string> =>
  (await grantTo(held.app, db, id, wish)).accessToken;
const mailed = async (email: string, ring: KeyRing): Promise<string> => (await tokensFor(db, email, ring)).at(-1) ?? '';
const hashOf = async (email: string): Promise<Buffer | undefined> =>
  (await db.look<{ hash: Buffer }>('select token_hash as hash from app.invitations where email = $1', [email]))[0]
    ?.hash;

/** Commits a statement as the application's role, with an admin's capability at AAL2. */
async function asInjected(sql: string, parameters: unknown[]): Promise<void> {
  const { cap } = await plantCapability(db, a, a.users.admin, 2);
  const client = await db.as('app');
  await client.query('begin');
  await client.query(`select app.enter($1, '{}')`, [cap]);
  await client.query(sql, parameters);
  await client.query('commit');
}

/** Each way to write an invitation's hash by SQL. */
const WAYS: [string, (email: string, hash: Buffer) => Promise<void>][] = [
  [
    'invite',
    (email, hash) => asInjected(`select app.invite($1, $2, '{}', $3, uuidv7(), 'x')`, [email, a.roles.member, hash]),
  ],
  [
    'resend_invitation',
    async (email, hash) => {
      const { body } = await invite(await tokenOf(a.users.admin.id, { aal: 2 }), email, a.roles.member);
      await asInjected(`select app.resend_invitation($1, $2, uuidv7(), 'x')`, [body.id, hash]);
    },
  ],
];

describe('a hash that SQL plants', () => {
  it.each(WAYS)('by app.%s opens nothing, and does not tell who has an account', async (_, plant) => {
    const never = await accept(newSecret(), newAccount);
    const person = await newcomer(db, [b, 'member']);
    for (const email of [somebodyNew(), person.email]) {
      const known = newSecret();
      await plant(email, sha256(known));
      expect(await hashOf(email)).toEqual(sha256(known)); // it was planted indeed
      expectProblem(await preview(known), 404, 'invitation_invalid');
      for (const bearer of [undefined, await tokenOf(person.id, { tenant: 'beta' })]) {
        const refused = await accept(known, newAccount, bearer);
        expectProblem(refused, 404, 'invitation_invalid');
        expect(told(refused)).toEqual(told(never));
      }
    }
    expect(await db.look('select from app.memberships where user_id = $1', [person.id])).toHaveLength(1);
  });

  it.each(WAYS)('by app.%s opens if it was made with the key ring', async (_, plant) => {
    const [email, known] = [somebodyNew(), newSecret()];
    await plant(email, invitationHashes(before, known)[0] as Buffer);
    expect((await preview(known)).status).toBe(200);
  });
});

describe('a change of the ring’s current key', () => {
  it.each(['invited', 'sent again'])('leaves good what was %s before', async (how) => {
    const admin = await tokenOf(a.users.admin.id, { aal: 2 });
    const person = await newcomer(db, [b, 'member']);
    for (const [email, bearer] of [
      [somebodyNew(), undefined],
      [person.email, await tokenOf(person.id)],
    ] as const) {
      const { body } = await invite(admin, email, a.roles.member);
      if (how === 'sent again') expect((await resend(admin, body.id)).status).toBe(200);
      const token = await mailed(email, before);
      expect(await hashOf(email)).toEqual(invitationHashes(after, token)[1]);
      expect((await later.preview(token)).status).toBe(200);
      expect((await later.accept(token, bearer ? {} : newAccount, bearer)).status).toBe(200);
      expectProblem(await later.preview(token), 404, 'invitation_invalid');
    }
  });

  it('has new ones made with the new key, which servers that have it in their ring accept', async () => {
    const email = somebodyNew();
    await later.invite(await tokenOf(a.users.admin.id, { aal: 2 }), email, a.roles.member);
    const token = await mailed(email, after);
    expect(await hashOf(email)).toEqual(invitationHashes(after, token)[0]);
    expect((await accept(token, newAccount)).status).toBe(200);
  });

  it('voids them once the old key is gone from the ring', async () => {
    const token = await plantInvitation(db, a, somebodyNew(), { ring: new KeyRing('gone', new Map([['gone', randomBytes(32)]])) }); // prettier-ignore
    for (const calls of [{ preview }, later]) expectProblem(await calls.preview(token), 404, 'invitation_invalid');
  });
});
