import { beforeAll, expect, it } from '@jest/globals';
import { ROLES } from '../fuzz/cast.js';
import { fuzzStage } from '../fuzz/stage.js';
import { type Findings, ForeignIds } from '../isolation/foreign/foreign-ids.js';
import { useDatabase } from '../support/database.js';
import { WHOLE } from './whole.js';

/* As test/isolation/foreign-ids.spec.ts, in every role, and with ids of every kind in each place. */

const { db } = useDatabase();
let findings: Findings;

beforeAll(async () => {
  const matrix = await ForeignIds.of(await fuzzStage(db));
  const roles = WHOLE ? ROLES : (['owner'] as const);
  findings = await matrix.run(() => true, { roles, everyKind: true });
}, 20 * 60_000);

it('tells nothing of another tenant to anybody, whatever is named where', () => {
  expect(findings.told.join('\n\n')).toBe('');
  expect([findings.changed, findings.unknown]).toEqual([[], []]);
});
