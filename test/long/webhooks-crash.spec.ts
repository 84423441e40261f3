import { expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { KeyRing } from '../../src/config/index.js';
import { boundTo } from '../../src/modules/webhooks/webhook-secrets.js';
import { plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { until } from '../support/mail-pod.js';
import { Receiver } from '../support/receiver.js';
import { ALLOWED, verified } from '../support/webhooks.js';

const { db } = useDatabase();
const { a } = db.world;
const ring = new KeyRing('k1', new Map([['k1', Buffer.alloc(32, 1)]]));
const SECRET = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

function worker(hold: 'answered' | 'never'): ChildProcess {
  return spawn(process.execPath, ['--import', './test/support/ts-hooks.mjs', 'test/long/webhooks-process.ts'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      JOBS: 'inline',
      HOLD: hold,
      LOG_LEVEL: 'silent',
      AUDIT_SEAL_INTERVAL_MS: '0',
      APP_DATABASE_URL: db.connections.app,
      AUTH_DATABASE_URL: db.connections.auth,
      ...ALLOWED,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

it('a worker that is killed between the answer and the commit leads to one more copy, under the same id', async () => {
  const receiver = await Receiver.start();
  db.beforeDrop(() => receiver.close());
  const app = await db.as('app');
  const { cap } = await plantCapability(db, a, a.users.admin, 2);
  await app.query('begin');
  await app.query(`select app.enter($1, '{}')`, [cap]);
  const id = randomUUID();
  await app.query(`select app.create_webhook($1, '{deal.created}', '', $2, $3)`, [
    receiver.url,
    id,
    ring.encrypt(SECRET, boundTo(id)),
  ]);
  await app.query(`select app.record_audit('deal.created', 'deal', $1, '{}', null)`, [id]);
  await app.query('commit');
  const doomed = worker('answered');
  await Promise.race([
    once(doomed.stdout!, 'data'),
    once(doomed, 'exit').then(() => Promise.reject(new Error('the worker ended by itself'))),
  ]);
  const gone = once(doomed, 'exit');
  doomed.kill('SIGKILL');
  await gone;
  const row = (): Promise<object[]> => withAdmin(db, 'select status, attempts from app.webhook_deliveries');
  expect([receiver.requests.length, await row()]).toEqual([1, [{ status: 'pending', attempts: 1 }]]);
  // what the queue's supervisor does to a row whose time is over
  await withAdmin(
    db,
    `update pgboss.job set state = 'retry', start_after = now() where name = 'webhook' and state = 'active'`,
  );
  const heir = worker('never');
  await until(async () => JSON.stringify(await row()) === '[{"status":"delivered","attempts":2}]');
  heir.kill('SIGKILL');
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(receiver.requests).toHaveLength(2);
  for (const received of receiver.requests) verified(SECRET, received);
}, 60_000);
