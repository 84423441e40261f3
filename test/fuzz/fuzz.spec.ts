import { beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import { Fuzzer } from './fuzzer.js';
import { PlantedModule } from './planted.module.js';
import { type Report, unmet } from './report.js';
import { busyConnections, fuzzStage, SEED } from './stage.js';
import type { Stage } from './cast.js';

/*
 * A slice of the fuzzer: every operation of the OpenAPI document, as it should be and broken in a few ways, by whoever it
 * belongs to. test/long/fuzz.spec.ts has all ways and all roles. FUZZ_SEED=n chooses others.
 */
const { db } = useDatabase();
const isPlanted = ({ path }: { path: string }): boolean => path.startsWith('/v1/planted/');
let stage: Stage;
let report: Report;
let planted: Report;

beforeAll(async () => {
  stage = await fuzzStage(db, [PlantedModule]);
  const plan = {
    seed: SEED,
    drawn: 1,
    within: 270_000,
    roles: ['self'] as const,
  };
  report = await new Fuzzer(stage).run({ ...plan, most: () => 1, kinds: 2, only: (one) => !isPlanted(one) });
  const ofKinds = ['valid', 'body: field value'];
  planted = await new Fuzzer(stage).run({ ...plan, most: () => 200, only: isPlanted, ofKinds });
}, 280_000);

describe('every operation', () => {
  it('answers as the contract says, whatever it is sent', () => {
    expect(report.faults.join('\n\n')).toBe('');
  });

  it('has a valid request, and was both accepted and refused', () => {
    expect([report.unprepared, unmet(report), report.cut]).toEqual([[], [], false]);
    expect(report.operations.length).toBeGreaterThan(90);
  });

  it('gave its connection back', async () => {
    expect(await busyConnections(stage)).toEqual([]);
  });
});

describe('the fuzzer', () => {
  it.each([
    ['plantedEmoji', '500 internal_error'],
    ['plantedUnsaid', 'is not documented'],
    ['plantedLenient', 'accepted, although it is against the contract'],
  ])('finds what is planted in %s, and says how to send it again', (id, fault) => {
    const found = planted.faults.filter((one) => one.includes(`(${id}) as self, seed ${SEED}:`) && one.includes(fault));
    expect(found).not.toEqual([]);
    expect(found[0]).toContain('curl -i');
  });
});
