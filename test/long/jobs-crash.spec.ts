import { expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { until } from '../support/mail-pod.js';
import { titleOf } from '../jobs/bench.js';

const { db } = useDatabase();
const { a } = db.world;
const own = a.deals['member-public'] as string;

/** A worker in a process of its own, which says where it is and stays there. */
function worker(hold: 'before-commit' | 'after-commit' | 'never'): ChildProcess {
  return spawn(process.execPath, ['--import', './test/support/ts-hooks.mjs', 'test/long/working-process.ts'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      JOBS: 'inline',
      HOLD: hold,
      LOG_LEVEL: 'silent',
      AUDIT_SEAL_INTERVAL_MS: '0',
      APP_DATABASE_URL: db.connections.app,
      AUTH_DATABASE_URL: db.connections.auth,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

it.each(['before-commit', 'after-commit'] as const)(
  'a worker that is killed %s leaves one effect',
  async (hold) => {
    const title = `killed ${hold}`;
    const client = await db.as('app');
    const { cap } = await plantCapability(db, a, a.users.member);
    await client.query('begin');
    await client.query(`select app.enter($1, '{}')`, [cap]);
    const payload = JSON.stringify({ dealId: own, title });
    const { rows } = await client.query(`select app.enqueue_job('bench.retitle', $1, null, 0, 3, 5) as id`, [payload]);
    await client.query('commit');
    const id: string = rows[0].id;
    const doomed = worker(hold);
    await Promise.race([
      once(doomed.stdout!, 'data'),
      once(doomed, 'exit').then(() => Promise.reject(new Error('the worker ended by itself'))),
    ]);
    const gone = once(doomed, 'exit');
    doomed.kill('SIGKILL');
    await gone;
    expect((await titleOf(db, own)) === title).toBe(hold === 'after-commit');
    // what the queue's supervisor does to a row whose worker is not heard of any more
    await withAdmin(db, `update pgboss.job set state = 'retry', start_after = now() where state = 'active'`);
    const heir = worker('never');
    await until(async () => {
      const [row] = await withAdmin<{ done: boolean }>(
        db,
        `select status = 'succeeded' and not exists (select from pgboss.job q where q.data ->> 'jobId' = j.id::text and q.state <> 'completed') as done
         from app.jobs j where id = $1`,
        [id],
      );
      return row?.done ?? false;
    });
    heir.kill('SIGKILL');
    const done = await db.look(`select from app.audit_log where session_id = $1 and action = 'bench.done'`, [id]);
    expect([done.length, await titleOf(db, own)]).toEqual([1, title]);
  },
  40_000,
);
