import { UnsafeDatabaseError } from '../../database/index.js';
import { type Finding, isAtBoot } from './check.js';
import { CHECKS } from './checks/index.js';
import { type Ask, judged, pageOf } from './doctor.js';

const AT_BOOT = CHECKS.filter(isAtBoot);

/** All of them in one round trip, each finding under the id of its check. */
const ALL = AT_BOOT.map(({ id, sql }) => `select '${id}' as id, f.object, f.detail from (${sql}) f`).join(
  '\nunion all ',
);

/**
 * What must hold before the first request is served, read from the live catalogue with the application's own role.
 * @throws UnsafeDatabaseError with what is wrong, why that matters, how to mend it and the page about it
 */
export async function assertIsolated(ask: Ask, production: boolean): Promise<void> {
  const found = await ask<Finding & { id: string }>(ALL);
  const faults = AT_BOOT.flatMap((check) => {
    const own = found.filter(({ id }) => id === check.id);
    const bad = judged(check, own, { production }).filter(({ allowed }) => !allowed);
    if (bad.length === 0) return [];
    const objects = bad.map(({ object, detail }) => `${object} (${detail})`).join(', ');
    return [`${check.title}: ${objects}.\n    ${check.why}\n    ${check.mend}\n    ${pageOf(check.id)}`];
  });
  if (faults.length > 0) throw new UnsafeDatabaseError(faults);
}
