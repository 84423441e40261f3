import { beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { operatorToken } from '../support/operators.js';
import { KINDS, type Stage } from './revocation/kinds.js';
import { plantCache, startPods } from './revocation/pods.js';

/*
 * A right is taken at one server and used at another, at once: it is refused there, too. No server remembers rights; that
 * one which does is noticed is shown by one that is made to. SCALE makes more trials.
 */

const { db } = useDatabase();
/** of each kind */
const trials = process.env['SCALE'] ? 5 * Number(process.env['SCALE']) : 2;
const AT_ONCE = 5;
let stage: Stage;

beforeAll(async () => {
  const pods = await startPods(db);
  const { accessToken: owner } = await grantTo(pods.revoking, db, db.world.a.users.owner.id, { tenant: db.world.a.slug, aal: 2 }); // prettier-ignore
  stage = { ...pods, db, powers: { owner, operator: await operatorToken(pods.revoking, db) } };
}, 60_000);

/** One trial. @returns what was answered though it should be refused, in requests sent behind the revocation's answer */
async function misses(kind: string, at: Stage): Promise<string[]> {
  const { act, revoke, denied, after } = await KINDS[kind]!(at);
  const before = await act();
  if (before.status >= 300) throw new Error(`${kind}: ${before.status} ${before.text}`);
  const done = (await revoke()) as { status?: number; text?: string } | undefined;
  if (done?.status && done.status >= 300) throw new Error(`${kind}: ${done.status} ${done.text}`);
  const answers = await Promise.all([act(), act(), act()]);
  await after?.();
  return answers.filter(({ status }) => !denied.includes(status)).map(({ status }) => `${kind}: ${status}`);
}

describe('a right that was taken at one server', () => {
  it.each(Object.keys(KINDS))('is refused at the other at once: %s', async (kind) => {
    const missed: string[] = [];
    const together = kind === 'the tenant is suspended' ? 1 : AT_ONCE;
    for (let left = trials; left > 0; left -= together) {
      const some = Array.from({ length: Math.min(left, together) }, () => misses(kind, stage));
      missed.push(...(await Promise.all(some)).flat());
    }
    expect(missed).toEqual([]);
  });

  it('would be found, were it remembered for a second', async () => {
    const used = await startApp(db);
    plantCache(used);
    const found: string[] = [];
    for (const kind of Object.keys(KINDS))
      if ((await misses(kind, { ...stage, used })).length > 0) found.push(kind);
    // who sees a record the policies say alone, on every read: there is nothing that a server could remember
    expect(found).toEqual(Object.keys(KINDS).filter((kind) => kind !== 'the record is made private'));
  }, 60_000); // prettier-ignore
});
