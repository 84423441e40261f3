import { beforeAll, describe, expect, it } from '@jest/globals';
import { permissionsOf, STANDARD_ROLES } from '../../src/route/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newOperator } from '../support/operators.js';
import { call, type Operation, operationsOfContract, verdict } from './access/operations.js';

/*
 * Every operation of the contract (openapi.json), called by everybody: what it says of access is what happens. The running
 * code's own document would follow the code. Nothing is listed by hand, so a route that comes tomorrow is in it.
 */

const { db } = useDatabase();
const { a, both, nobody } = db.world;
let app: TestApp;
const operations = operationsOfContract();

beforeAll(async () => {
  app = await startApp(db);
});

/** Calls every operation, in a new session after one that changed something, as some of them end it. @returns the verdicts that differ */
async function differing(
  tokens: () => Promise<string | undefined>,
  expected: (operation: Operation) => string,
): Promise<unknown[]> {
  const wrong: unknown[] = [];
  let token = await tokens();
  for (const operation of operations) {
    const answer = await call(app, operation, token);
    const came = verdict(answer);
    if (operation.method !== 'GET' && answer.status < 400) token = await tokens();
    if (came !== expected(operation)) wrong.push([operation.name, { expected: expected(operation), came }]);
  }
  return wrong;
}

const accessTokenOf = async (userId: string, wish: Parameters<typeof grantTo>[3]): Promise<string> =>
  (await grantTo(app, db, userId, wish)).accessToken;

/** Whoever holds everything a tenant has to give is still nobody to the installation. */
const letIn = ({ kind }: Operation): string => (kind === 'operator' ? 'operators only' : 'let in');

const inTenant = ({ kind }: Operation): boolean => kind === 'member' || kind === 'permission';

describe('every operation of the document', () => {
  it('is there, and the document has each kind', () => {
    expect(operations.length).toBeGreaterThan(20);
    expect(new Set(operations.map(({ kind }) => kind))).toEqual(
      new Set(['public', 'session', 'member', 'operator', 'permission']),
    );
    expect(operations.filter(({ aal2 }) => aal2).length).toBeGreaterThan(3);
    expect(operations.filter(({ maxAge }) => maxAge).length).toBeGreaterThan(0);
  });

  it('called by nobody', async () => {
    const expected = ({ kind }: Operation): string => (kind === 'public' ? 'let in' : 'who are you');
    expect(await differing(async () => undefined, expected)).toEqual([]);
  });

  it('called at AAL1', async () => {
    const tokens = () => accessTokenOf(a.users.owner.id, {});
    expect(await differing(tokens, ({ aal2 }) => (aal2 ? 'second factor' : 'let in'))).toEqual([]);
  });

  it('called at AAL2, a moment after the second factor', async () => {
    const tokens = () => accessTokenOf(a.users.owner.id, { aal: 2 });
    expect(await differing(tokens, letIn)).toEqual([]);
  });

  it('called at AAL2, hours after the second factor', async () => {
    const tokens = () => accessTokenOf(a.users.owner.id, { aal: 2, ago: '11 hours' });
    expect(await differing(tokens, (one) => (one.maxAge ? 'second factor' : letIn(one)))).toEqual([]);
  });

  it.each(STANDARD_ROLES)('called as %s', async (role) => {
    const held = permissionsOf(role);
    const tokens = () => accessTokenOf(a.users[role].id, { aal: 2 });
    const expected = (one: Operation): string =>
      one.permission === undefined || held.includes(one.permission) ? letIn(one) : `permission ${one.permission}`;
    expect(await differing(tokens, expected)).toEqual([]);
  });

  it.each([
    ['who belongs to none', nobody.id],
    ['who belongs to several and named none', both.id],
  ])('called without a tenant, by somebody %s', async (_, userId) => {
    const expected = (one: Operation): string => (inTenant(one) ? 'which tenant' : letIn(one));
    expect(await differing(() => accessTokenOf(userId, { aal: 2 }), expected)).toEqual([]);
  });

  it('called by an operator, who belongs to no tenant', async () => {
    const operator = await newOperator(db);
    const expected = (one: Operation): string => (inTenant(one) ? 'which tenant' : 'let in');
    expect(await differing(() => accessTokenOf(operator.id, { aal: 2 }), expected)).toEqual([]);
  });

  it('called at AAL1 where the tenant demands AAL2', async () => {
    await db.look('update app.tenants set min_aal = 2 where id = $1', [a.id]);
    const expected = (one: Operation): string => (inTenant(one) || one.aal2 ? 'second factor' : 'let in');
    expect(await differing(() => accessTokenOf(a.users.owner.id, {}), expected)).toEqual([]);
    await db.look('update app.tenants set min_aal = 1 where id = $1', [a.id]);
  });

  it('called with the token of a session that has ended', async () => {
    const { accessToken } = await grantTo(app, db, a.users.owner.id, { aal: 2 });
    await db.look('delete from auth.sessions where user_id = $1', [a.users.owner.id]);
    const expected = ({ kind }: Operation): string => (kind === 'public' ? 'let in' : 'who are you');
    // a body that is refused before anybody looks says nothing of who asks: those are the two ways it may go
    const wrong = (await differing(async () => accessToken, expected)) as [string, { came: string }][];
    expect(wrong.filter(([, { came }]) => came !== 'let in')).toEqual([]);
    for (const [name] of wrong) {
      const operation = operations.find((one) => one.name === name) as Operation;
      expect([name, (await call(app, operation, accessToken)).status]).toEqual([name, 400]);
    }
  });
});
