import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { newcomer } from '../support/people.js';
import type { Person, Tenant } from '../support/world.js';

/* Whoever has the application's connection and injects SQL: what was answered to others stays theirs. */

const { db } = useDatabase();
const { a, b } = db.world;
let app: Client;
const hash = createHash('sha256').update('route and key').digest();
const print = createHash('sha256').update('request').digest();
const [SECRET] = ['what only its caller was shown'];

const capOf = async (tenant: Tenant, person: Person): Promise<string> =>
  (await plantCapability(db, tenant, person)).cap;
const begin = async (hashes: Buffer[] = [hash], prints: Buffer[] = [print], token: string = randomUUID()) =>
  (await app.query('select * from app.begin_idempotent($1, $2, $3)', [hashes, prints, token])).rows[0];
const keep = (kept: string | null, of: Buffer = hash, token: string = randomUUID()) =>
  app.query('select app.keep_idempotent($1, $2, $3, $4, $5, $6, $7)', [
    of,
    print,
    token,
    kept,
    ...(kept === 'answer' ? [201, '{"ETag": "x"}', SECRET] : [null, null, null]),
  ]);

/** Commits what is done as that caller. */
const done = (cap: string, work: () => Promise<unknown>): Promise<unknown> =>
  acting(app, cap, async () => {
    await work();
    await app.query('commit; begin');
  });

let owner: string;
beforeAll(async () => {
  app = await db.as('app');
  owner = await capOf(a, a.users.owner);
  await done(owner, () => keep('answer'));
});

describe('what is kept of an answer', () => {
  it('is there for its caller in its tenant, whatever else is known of it', async () => {
    const both = await newcomer(db, [a, 'owner'], [b, 'owner']);
    expect(await acting(app, owner, () => begin())).toMatchObject({ outcome: 'answer', status: 201, body: SECRET });
    for (const cap of [
      await capOf(a, a.users.admin),
      await capOf(a, both),
      await capOf(b, both),
      await capOf(b, b.users.owner),
    ])
      expect(await acting(app, cap, () => begin())).toEqual({ outcome: null, status: null, headers: null, body: null });
    const again = await capOf(a, a.users.owner); // another session of theirs
    expect(await acting(app, again, () => begin())).toMatchObject({ outcome: 'answer' });
    expect(await acting(app, owner, () => begin([hash], [hash]))).toMatchObject({ outcome: 'reused', body: null });
  });

  it('is read by no statement, by no function without a context, and by none of sign-in', async () => {
    const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'done', (error: { code: string }) => error.code); // prettier-ignore
    for (const text of [
      'select body from app.idempotency_keys',
      'select count(*) from app.idempotency_keys',
      'delete from app.idempotency_keys',
      'select * from auth.idempotency_keys',
      `select * from auth.begin_idempotent(null, false, null, array[sha256('x')], array[sha256('x')], gen_random_uuid())`,
    ])
      expect([text, await acting(app, owner, () => codeOf(app.query(text)))]).toEqual([text, '42501']);
    expect(await acting(app, '', () => codeOf(begin()))).toBe('RF027');
    const auth = await db.as('auth');
    for (const text of [
      'select * from app.idempotency_keys',
      'select * from auth.idempotency_keys',
      `select * from app.begin_idempotent(array[sha256('x')], array[sha256('x')], gen_random_uuid())`,
    ])
      expect([text, await codeOf(auth.query(text))]).toEqual([text, '42501']);
  });

  it('is not overwritten by another request, nor forgotten by it', async () => {
    await expect(done(owner, () => keep('large'))).rejects.toMatchObject({ code: 'RF034' });
    await done(owner, () => app.query('select app.forget_idempotent($1, $2)', [hash, randomUUID()]));
    expect(await acting(app, owner, () => begin())).toMatchObject({ outcome: 'answer', body: SECRET });
  });
});

describe('a lease', () => {
  it('is its request’s, until it ends', async () => {
    const member = await capOf(a, a.users.member);
    const token = randomUUID();
    const outcome = async (who?: string) => (await acting(app, member, () => begin([hash], [print], who))).outcome;
    await done(member, () => keep(null, hash, token));
    expect([await outcome(), await outcome(token)]).toEqual(['in_flight', null]);
    await done(member, () => app.query('select app.forget_idempotent($1, $2)', [hash, randomUUID()]));
    expect(await outcome()).toBe('in_flight');
    await withAdmin(db, 'update app.idempotency_keys set leased_until = now() where kept is null');
    expect(await outcome()).toBe(null);
    const heir = randomUUID();
    await done(member, () => keep(null, hash, heir));
    // too late: what was done meanwhile goes with it
    await expect(done(member, () => keep('answer', hash, token))).rejects.toMatchObject({ code: 'RF034' });
    expect([await outcome(), await outcome(heir)]).toEqual(['in_flight', null]);
    await done(member, () => app.query('select app.forget_idempotent($1, $2)', [hash, heir]));
    expect(await outcome()).toBe(null);
  });

  it('of a session that has ended is given to nobody', async () => {
    const auth = await db.as('auth');
    const ask = async (cap: string | null, ofSession: boolean) =>
      (await auth.query('select actor, outcome from auth.begin_idempotent($1, $2, null, $3, $4, $5)', [cap, ofSession, [hash], [print], randomUUID()])).rows[0]; // prettier-ignore
    const { cap, sessionId } = await plantCapability(db, a, a.users.viewer);
    expect(await ask('made up', true)).toEqual({ actor: null, outcome: 'ended' });
    expect(await ask(cap, true)).toEqual({ actor: sessionId, outcome: null });
    expect(await ask(cap, true)).toEqual({ actor: sessionId, outcome: 'in_flight' });
    expect(await ask(cap, false)).toEqual({ actor: a.users.viewer.id, outcome: null });
    await db.look('delete from auth.sessions where id = $1', [sessionId]);
    expect(await ask(cap, true)).toEqual({ actor: null, outcome: 'ended' });
  });
});

describe('on public routes', () => {
  it('a key is of one network, also while servers have different keys of the ring', async () => {
    const [auth, other] = [await db.as('auth'), await db.as('auth')];
    const [here, there, before] = [randomUUID(), randomUUID(), randomUUID()];
    const ask = async (client: Client, networks: string[] | null, prints = [print]) =>
      (await client.query('select actor, outcome from auth.begin_idempotent(null, false, $1, $2, $3, $4)', [networks, [hash], prints, randomUUID()])).rows[0]; // prettier-ignore
    expect(await ask(auth, null)).toEqual({ actor: null, outcome: 'ended' });
    await auth.query('begin');
    expect(await ask(auth, [here, before])).toEqual({ actor: here, outcome: null });
    expect((await ask(other, [before, here])).outcome).toBe('in_flight');
    expect(await ask(other, [there])).toEqual({ actor: there, outcome: null });
    await auth.query('commit');
    await withAdmin(
      db,
      `update auth.idempotency_keys set kept = 'large', leased_until = null where actor_id = '${here}'`,
    );
    expect((await ask(other, [before, here])).outcome).toBe('large');
    expect((await ask(other, [here], [hash])).outcome).toBe('reused');
  });
});

describe('the room for keys', () => {
  it('is one caller’s own, and ends at about a hundred thousand', async () => {
    const viewer = await capOf(a, a.users.viewer);
    await withAdmin(
      db,
      `insert into app.idempotency_keys (tenant_id, actor_id, hash, fingerprint, token, kept)
       select $1, $2, set_byte(sha256(convert_to(n::text, 'UTF8')), 0, 7), $3, gen_random_uuid(), 'large' from generate_series(1, 400) n`,
      [a.id, a.users.viewer.id, print],
    );
    const part = (n: number): Buffer => Buffer.concat([Buffer.from([n]), hash.subarray(1)]);
    const outcome = async (cap: string, n: number) => (await acting(app, cap, () => begin([part(n)]))).outcome;
    expect([await outcome(viewer, 7), await outcome(viewer, 8), await outcome(owner, 7)]).toEqual(['full', null, null]);
  });
});

describe('another key of the ring', () => {
  it('finds what was stored under the one before', async () => {
    const [fresh, freshPrint] = [createHash('sha256').update('1').digest(), createHash('sha256').update('2').digest()];
    expect(await acting(app, owner, () => begin([fresh, hash], [freshPrint, print]))).toMatchObject({
      outcome: 'answer',
    });
    expect(await acting(app, owner, () => begin([fresh, hash], [freshPrint, fresh]))).toMatchObject({
      outcome: 'reused',
    });
  });
});
