import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import type { Client } from 'pg';
import { may, mayCreate, type ModelWorld, VERBS } from '../support/authoriser.js';
import { useDatabase } from '../support/database.js';
import { anyWorld, creates, inWorld, type LoadedWorld, reached } from '../support/model-world.js';

/*
 * Random tenants, and everybody's hand on everything in them: what the database lets happen is what the naive authoriser
 * says. A case is one member, one record (or none, to create one) and one verb. MODEL_SEED repeats a run, SCALE makes it longer.
 */

const { db } = useDatabase();
const seed = Number(process.env['MODEL_SEED'] ?? randomInt(2 ** 31));
const wanted = 4000 * Number(process.env['SCALE'] ?? 1);
let admin: Client;
let cases = 0;

beforeAll(async () => {
  admin = await db.as('admin');
});

/** @returns the cases in which the two differ */
const differences = (world: ModelWorld): Promise<string[]> =>
  inWorld(admin, world, async (loaded) => {
    const found: string[] = [];
    for (const member of world.members.keys()) found.push(...(await differencesOf(world, loaded, member)));
    return found;
  });

async function differencesOf(world: ModelWorld, loaded: LoadedWorld, member: number): Promise<string[]> {
  const cap = loaded.caps[member] ?? '';
  const done = await reached(admin, cap);
  const found: string[] = [];
  for (const [record, id] of loaded.recordIds.entries())
    for (const verb of VERBS) {
      cases += 1;
      const [expected, came] = [may(world, member, verb, record), done[verb].has(id)];
      if (expected !== came) found.push(`member ${member}, ${verb} record ${record}: ${came} and not ${expected}`);
    }
  cases += 1;
  const [expected, came] = [mayCreate(world, member), await creates(admin, cap)];
  if (expected !== came) found.push(`member ${member}, create: ${came} and not ${expected}`);
  return found;
}

describe('the engine and a naive authoriser', () => {
  it(`agree on every case of random tenants (MODEL_SEED=${seed})`, async () => {
    const agree = fc.asyncProperty(anyWorld, async (world) => {
      const found = await differences(world);
      if (found.length > 0) throw new Error(found.slice(0, 5).join('\n'));
    });
    for (let batch = 0; cases < wanted; batch += 1)
      await fc.assert(agree, { seed: (seed + batch) | 0, numRuns: 10, interruptAfterTimeLimit: 600_000 });
    expect(cases).toBeGreaterThanOrEqual(wanted);
  }, 1_800_000);
});
