import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { lockAwaited } from '../support/lock-awaited.js';
import { newcomer } from '../support/people.js';
import type { Person, Tenant } from '../support/world.js';

/*
 * Two connections of the application's role. The first does its deed and has not committed; the second starts its own and
 * waits, or does not; then the first commits. Whoever comes first: no record is without an owner, no tenant without one.
 */

const { db } = useDatabase();
const { a, b } = db.world;

beforeAll(() =>
  db.look('select auth.sync_permissions($1)', [
    JSON.stringify([{ code: 'member:delete', description: '', from: 'admin' }]),
  ]),
);

/** A transaction as somebody of a tenant, at AAL2. */
async function begin(person: Person, tenant: Tenant = a, isolation = 'read committed'): Promise<Client> {
  const { cap } = await plantCapability(db, tenant, person, 2);
  const client = await db.as('app');
  await client.query(`begin isolation level ${isolation}`);
  await client.query(`select app.enter($1, '{}')`, [cap]);
  return client;
}

/** What became of a statement or of a transaction: `done`, or the SQLSTATE. */
const fate = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

/** Runs a statement and then COMMIT, or ROLLBACK where it was refused. @returns the fate of the whole */
async function finish(client: Client, text: string, values: unknown[] = []): Promise<string> {
  const came = await fate(client.query(text, values));
  if (came !== 'done') {
    await client.query('rollback');
    return came;
  }
  return fate(client.query('commit'));
}

/** The first has done its deed; the second starts, and is waiting when the first commits. @returns both fates */
async function overtaken(first: Client, second: Client, text: string, values: unknown[] = []): Promise<string[]> {
  const later = finish(second, text, values);
  await lockAwaited(db, 'ringfence_app');
  return [await fate(first.query('commit')), await later];
}

const DEAL = `insert into app.deals (title, amount, currency, visibility) values ('raced', 1, 'EUR', 'private') returning id`;
const REMOVE = 'select app.remove_member($1, $2)';
const LEAVE = 'select app.leave_tenant($1)';
const TRANSFER = `select app.transfer_record('deal', $1, $2)`;

const isMember = async (person: Person, tenant: Tenant = a): Promise<boolean> =>
  (await db.look('select from app.memberships where tenant_id = $1 and user_id = $2', [tenant.id, person.id]))
    .length === 1;
const ownedBy = async (person: Person): Promise<number> =>
  (await db.look('select from app.deals where owner_id = $1', [person.id])).length;
const orphans = () =>
  db.look(
    `select d.id from app.deals d left join app.memberships m on (m.tenant_id, m.user_id) = (d.tenant_id, d.owner_id)
      where m.user_id is null`,
  );

/** A member of alpha with one deal of their own. */
async function withDeal(): Promise<{ person: Person; deal: string }> {
  const person = await newcomer(db, [a, 'member']);
  const client = await begin(person);
  const { rows } = await client.query<{ id: string }>(DEAL);
  await client.query('commit');
  return { person, deal: rows[0]?.id ?? '' };
}

describe('a member is removed while they make a record', () => {
  it.each([
    ['and no heir is named', false, ['done', 'RF015']],
    ['and an heir is named', true, ['done', 'done']],
  ])('the record first, %s', async (_, named, fates) => {
    const [person, next] = [await newcomer(db, [a, 'member']), await newcomer(db, [a, 'member'])];
    const making = await begin(person);
    await making.query(DEAL);
    const removing = await begin(a.users.admin);
    expect(await overtaken(making, removing, REMOVE, [person.id, named ? next.id : null])).toEqual(fates);
    expect([await isMember(person), await ownedBy(person), await ownedBy(next)]).toEqual(
      named ? [false, 0, 1] : [true, 1, 0],
    );
    expect(await orphans()).toEqual([]);
  });

  it('the removal first', async () => {
    const person = await newcomer(db, [a, 'member']);
    const making = await begin(person);
    const removing = await begin(a.users.admin);
    await removing.query(REMOVE, [person.id, null]);
    expect(await overtaken(removing, making, DEAL)).toEqual(['done', '23503']);
    expect([await isMember(person), await ownedBy(person)]).toEqual([false, 0]);
  });

  it('who leaves with an heir takes along what they are making elsewhere', async () => {
    const [person, next] = [await newcomer(db, [a, 'member']), await newcomer(db, [a, 'member'])];
    const making = await begin(person);
    await making.query(DEAL);
    const leaving = await begin(person);
    expect(await overtaken(making, leaving, LEAVE, [next.id])).toEqual(['done', 'done']);
    expect([await isMember(person), await ownedBy(next)]).toEqual([false, 1]);
    expect(await orphans()).toEqual([]);
  });
});

describe('a record is handed to a member who goes', () => {
  it.each([
    ['removed without an heir', REMOVE, false, 'RF015'],
    ['removed with one', REMOVE, true, 'done'],
    ['leaves without an heir', LEAVE, false, 'RF015'],
    ['leaves with one', LEAVE, true, 'done'],
  ])('the record first, who gets it is %s', async (_, how, named, expected) => {
    const { person, deal } = await withDeal();
    const [heir, next] = [await newcomer(db, [a, 'member']), await newcomer(db, [a, 'member'])];
    const handing = await begin(person);
    await handing.query(TRANSFER, [deal, heir.id]);
    const going = await begin(how === REMOVE ? a.users.admin : heir);
    const to = named ? next.id : null;
    expect(await overtaken(handing, going, how, how === REMOVE ? [heir.id, to] : [to])).toEqual(['done', expected]);
    const gone = expected === 'done';
    expect([await isMember(heir), await ownedBy(heir), await ownedBy(next)]).toEqual(
      gone ? [false, 0, 1] : [true, 1, 0],
    );
    expect(await orphans()).toEqual([]);
  });

  it.each([
    ['removed', REMOVE],
    ['leaving', LEAVE],
  ])('after they are %s: nobody gets it, and it stays where it was', async (_, how) => {
    const { person, deal } = await withDeal();
    const heir = await newcomer(db, [a, 'member']);
    const handing = await begin(person);
    const going = await begin(how === REMOVE ? a.users.admin : heir);
    await going.query(how, how === REMOVE ? [heir.id, null] : [null]);
    expect(await overtaken(going, handing, TRANSFER, [deal, heir.id])).toEqual(['done', 'RF017']);
    expect([await isMember(heir), await ownedBy(person)]).toEqual([false, 1]);
  });

  it('two records’ worth of heirs go at once: what is named an heir stays, or is none', async () => {
    const [one, two] = [await withDeal(), await withDeal()];
    const first = await begin(one.person);
    await first.query(LEAVE, [two.person.id]);
    const second = await begin(two.person);
    expect(await overtaken(first, second, LEAVE, [one.person.id])).toEqual(['done', 'RF017']);
    expect([await isMember(one.person), await isMember(two.person), await ownedBy(two.person)]).toEqual([
      false,
      true,
      2,
    ]);
  });
});

describe('a record is handed over twice at once', () => {
  it('by its owner to two people: the second finds that it is not theirs any more', async () => {
    const { person, deal } = await withDeal();
    const [one, two] = [await newcomer(db, [a, 'member']), await newcomer(db, [a, 'member'])];
    const [first, second] = [await begin(person), await begin(person)];
    await first.query(TRANSFER, [deal, one.id]);
    // private: who does not own it does not see it
    expect(await overtaken(first, second, TRANSFER, [deal, two.id])).toEqual(['done', 'P0002']);
    expect([await ownedBy(one), await ownedBy(two)]).toEqual([1, 0]);
  });

  it('by somebody who loses their role meanwhile: what they may do is asked when it is done', async () => {
    const { deal } = await withDeal();
    await db.look(`update app.deals set visibility = 'public' where id = $1`, [deal]);
    const [boss, next] = [await newcomer(db, [a, 'admin']), await newcomer(db, [a, 'member'])];
    const handing = await begin(boss);
    const client = await db.as('service');
    await client.query('begin');
    await client.query('select from app.deals where id = $1 for update', [deal]);
    await client.query('update app.memberships set role_id = $3 where tenant_id = $1 and user_id = $2', [
      a.id,
      boss.id,
      a.roles.member,
    ]);
    expect(await overtaken(client, handing, TRANSFER, [deal, next.id])).toEqual(['done', 'RF018']);
  });
});

describe('the last owners leave at once', () => {
  /** Two owners of beta who own nothing, and nobody else who is one. */
  async function twoOwners(): Promise<[Person, Person]> {
    const owners = [await newcomer(db, [b, 'owner']), await newcomer(db, [b, 'owner'])] as [Person, Person];
    await db.look(
      `update app.memberships set status = 'suspended' where tenant_id = $1 and role_id = $2 and user_id <> all ($3)`,
      [b.id, b.roles.owner, owners.map(({ id }) => id)],
    );
    return owners;
  }
  const owners = () =>
    db.look<{ user_id: string }>(
      `select user_id from app.memberships where tenant_id = $1 and role_id = $2 and status = 'active'`,
      [b.id, b.roles.owner],
    );

  it('and one stays', async () => {
    const [one, two] = await twoOwners();
    const [first, second] = [await begin(one, b), await begin(two, b)];
    await first.query(LEAVE, [null]);
    expect(await overtaken(first, second, LEAVE, [null])).toEqual(['done', 'RF008']);
    expect(await owners()).toEqual([{ user_id: two.id }]);
  });

  it('and one stays, although both have done all but commit', async () => {
    const [one, two] = await twoOwners();
    // past the lock that the application's functions take: what holds whoever writes
    const clients = [await db.as('service'), await db.as('service')] as const;
    for (const [n, person] of [one, two].entries()) {
      await clients[n]!.query('begin');
      await clients[n]!.query('delete from app.memberships where tenant_id = $1 and user_id = $2', [b.id, person.id]);
    }
    const fates = await Promise.all(clients.map((client) => fate(client.query('commit'))));
    expect(fates.sort()).toEqual(['RF008', 'done']);
    expect(await owners()).toHaveLength(1);
  });

  it('and one stays, although the second looks at the world from before the first', async () => {
    const [one, two] = await twoOwners();
    const first = await begin(one, b);
    const second = await begin(two, b, 'repeatable read');
    await first.query(LEAVE, [null]);
    expect(await fate(first.query('commit'))).toBe('done');
    expect(await finish(second, LEAVE, [null])).not.toBe('done');
    expect(await owners()).toEqual([{ user_id: two.id }]);
  });
});

describe('somebody is removed twice at once', () => {
  it('once, and the second finds nobody', async () => {
    const person = await newcomer(db, [a, 'member']);
    const [first, second] = [await begin(a.users.admin), await begin(a.users.owner)];
    await first.query(REMOVE, [person.id, null]);
    expect(await overtaken(first, second, REMOVE, [person.id, null])).toEqual(['done', 'P0002']);
  });

  it('by somebody who is being removed: who goes does nothing more', async () => {
    const [boss, person] = [await newcomer(db, [a, 'admin']), await newcomer(db, [a, 'member'])];
    const [first, second] = [await begin(a.users.owner), await begin(boss)];
    await first.query(REMOVE, [boss.id, null]);
    expect(await overtaken(first, second, REMOVE, [person.id, null])).toEqual(['done', '42501']);
    expect([await isMember(boss), await isMember(person)]).toEqual([false, true]);
  });
});
