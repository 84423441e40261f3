import { beforeAll } from '@jest/globals';
import type { Client, DatabaseError } from 'pg';
import { plantCapability } from './acting.js';
import type { TestDatabase } from './database.js';
import { lockAwaited } from './lock-awaited.js';
import type { Person, Tenant } from './world.js';

/** A statement that does something, with its values. */
export type Deed = [text: string, values: unknown[]];
export type Outcome = string;

/** `done`, or the SQLSTATE. */
const outcomeOf = (work: Promise<unknown>): Promise<Outcome> =>
  work.then(
    () => 'done',
    (error: DatabaseError) => error.code ?? String(error),
  );

/**
 * Two connections, two transactions. The first has done its deed and not committed; the second is seen to wait for it; then
 * the first commits. What the second does must be right in the world that the first has left.
 */
export function useRaces(db: TestDatabase) {
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    [one, two] = [await db.as('app'), await db.as('app')];
  });

  /** Two people, in live sessions of the application's role. @returns what became of each deed */
  async function race(
    [first, firstDeed]: [cap: string, Deed],
    [second, secondDeed]: [cap: string, Deed],
  ): Promise<[Outcome, Outcome]> {
    await one.query('begin');
    await one.query(`select app.enter($1, '{}')`, [first]);
    await two.query('begin');
    await two.query(`select app.enter($1, '{}')`, [second]);
    return inTurn('ringfence_app', [one, firstDeed], [two, secondDeed]);
  }

  /** The same past the fence, where rows are written by hand. */
  async function raceByHand(firstDeed: Deed, secondDeed: Deed): Promise<[Outcome, Outcome]> {
    const [first, second] = [await db.as('service'), await db.as('service')];
    for (const client of [first, second]) await client.query('begin; set constraints all immediate');
    return inTurn('ringfence_service', [first, firstDeed], [second, secondDeed]);
  }

  async function inTurn(
    role: string,
    [first, firstDeed]: [Client, Deed],
    [second, secondDeed]: [Client, Deed],
  ): Promise<[Outcome, Outcome]> {
    try {
      const began = await outcomeOf(first.query(...firstDeed));
      const waiting = outcomeOf(second.query(...secondDeed));
      await lockAwaited(db, role);
      const committed = await outcomeOf(first.query('commit'));
      const then = await waiting;
      return [began === 'done' ? committed : began, then === 'done' ? await outcomeOf(second.query('commit')) : then];
    } finally {
      await first.query('rollback');
      await second.query('rollback');
    }
  }

  /** The capability of a session of theirs at AAL2. */
  const sure = async (tenant: Tenant, person: Person): Promise<string> =>
    (await plantCapability(db, tenant, person, 2)).cap;

  return { race, raceByHand, sure };
}
