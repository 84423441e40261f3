import { expect, it } from '@jest/globals';
import { RouteAudit } from '../../src/pipeline/06c-route-audit.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

/*
 * Each spec that starts the application ends with a look into the log: whatever it did through TestApp.call, and was
 * answered with success, has left one entry (test/support/one-entry.ts). Here that look is tested itself.
 */

const { db } = useDatabase();
const { a } = db.world;

async function dealsOf(app: TestApp): Promise<string> {
  const token = await app.token(a.users.owner.email);
  const body = { title: 'Seen', amount: '1', currency: 'EUR' };
  const { body: deal } = await app.call('POST', '/v1/deals', { token, body });
  const path = `/v1/deals/${deal.id}`;
  await app.call('PATCH', path, { token, body: { stage: 'won' }, headers: { 'If-Match': '*' } });
  await app.call('PATCH', path, { token, body: { stage: 'none' }, headers: { 'If-Match': '*' } }); // refused
  await app.call('GET', path, { token });
  return path;
}

it('finds nothing wrong where each has its entry', async () => {
  const app = await startApp(db);
  await dealsOf(app);
  const again = { token: await app.token(a.users.owner.email), headers: { 'X-Request-Id': 'shared' } };
  const body = { title: 'Twice', amount: '1', currency: 'EUR' };
  for (let n = 0; n < 2; n += 1) await app.call('POST', '/v1/deals', { ...again, body });
  expect(await app.entries.faults(app.nest, db)).toEqual([]);
});

it('finds what left none, and what left two', async () => {
  const app = await startApp(db, {}, (builder) =>
    builder.overrideProvider(RouteAudit).useValue({ entryOf: () => undefined }),
  );
  const path = await dealsOf(app);
  expect(await app.entries.faults(app.nest, db)).toEqual(['POST /v1/deals left []', `PATCH ${path} left []`]);
  const { headers } = await app.call('POST', '/v1/auth/logout', { token: await app.token(a.users.owner.email) });
  const admin = await db.as('admin'); // nobody else writes there
  await admin.query(
    `insert into app.audit_log (tenant_id, id, n, actor_type, action, outcome, request_id)
     values ($1, uuidv7(), 0, 'user', 'session.signed_out', 'success', $2)`,
    [a.id, headers.get('x-request-id')],
  );
  const [twice] = await app.entries.faults(app.nest, db);
  expect(twice).toBe('POST /v1/auth/logout left [session.signed_out,session.signed_out]');
});
