import { beforeAll, expect, it } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import type { Role, Stage } from '../fuzz/cast.js';
import { Fuzzer } from '../fuzz/fuzzer.js';
import { type Report, tableOf, unmet } from '../fuzz/report.js';
import { busyConnections, fuzzStage, SEED } from '../fuzz/stage.js';

/*
 * Every operation of the OpenAPI document, in every role, valid and broken one way at a time. At least 20,000 requests,
 * unless SCALE is below what it is by default.
 */
const SCALE = Number(process.env['SCALE'] ?? 34) / 34;
const REQUESTS = 20_000;
const WITHIN_MS = 25 * 60_000;
/** so many cases of a kind for each operation */
const MOST: Partial<Record<Role, number>> = { self: 5 };
const MOST_ELSE = 1;
/** below the default, fewer kinds as well */
const FEWER = SCALE < 1 ? { kinds: Math.max(2, Math.round(24 * SCALE)) } : {};

const { db } = useDatabase();
let stage: Stage;
let report: Report;

beforeAll(async () => {
  stage = await fuzzStage(db);
  const most = (role: Role): number => Math.ceil((MOST[role] ?? MOST_ELSE) * SCALE);
  const drawn = Math.ceil(5 * SCALE);
  const onFault = (fault: string): void => void process.stderr.write(`${fault}\n\n`);
  const plan = { seed: SEED, drawn, most, within: WITHIN_MS, onFault, ...FEWER };
  report = await new Fuzzer(stage).run(plan);
  console.log(tableOf(report));
});

it('answers as the contract says, whatever it is sent by whom', () => {
  expect(report.faults.join('\n\n')).toBe('');
});

it('has a valid request of every operation, and each was both accepted and refused', () => {
  expect([report.unprepared, unmet(report)]).toEqual([[], []]);
});

it('was as much as it should be, and gave every connection back', async () => {
  expect(report.cut).toBe(false);
  if (SCALE >= 1) expect(report.sent).toBeGreaterThanOrEqual(REQUESTS);
  expect(await busyConnections(stage)).toEqual([]);
});
