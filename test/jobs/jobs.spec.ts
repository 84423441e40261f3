import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { JobHandler, Jobs } from '../../src/modules/jobs/index.js';
import { JobHandlers } from '../../src/modules/jobs/tenant/job-handlers.js';
import type { StandardRole } from '../../src/route/index.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { makeDue, runDueJobs, withAdmin } from '../support/jobs.js';
import { newcomer } from '../support/people.js';
import { as, asPerson, Bench, BenchModule, Peek, Retitle, RetitleHandler, type Row, Steps, titleOf } from './bench.js';

const { db } = useDatabase();
const held = useApp(db, {}, undefined, [BenchModule]);
const { a, b } = db.world;
const own = a.deals['member-public'] as string;
const bench = (): Bench => held.app.nest.get(Bench, { strict: false });
const row = async (id: string): Promise<Row | undefined> =>
  (await withAdmin<Row>(db, 'select * from app.jobs where id = $1', [id]))[0];
const put = (role: StandardRole, title: string, job = Retitle, dealId = own): Promise<string> =>
  as(held.app, db, a, role, (jobs) => jobs.enqueue(job, { dealId, title }));
const run = (): Promise<void> => runDueJobs(held.app);
const entriesOf = (id: string) =>
  db.look('select action, actor_type, actor_id from app.audit_log where session_id = $1', [id]);

afterEach(async () => {
  bench().reset();
  await run(); // what a test left
  await withAdmin(db, `delete from pgboss.job`);
});

describe('a job of a tenant', () => {
  it('is done as its person, once, and leaves one entry in the log under its own id', async () => {
    const title = randomUUID();
    const id = await put('member', title);
    expect(await row(id)).toMatchObject({ status: 'queued', actor_id: a.users.member.id, tenant_id: a.id });
    await run();
    expect(await row(id)).toMatchObject({ status: 'succeeded', attempt: 1, error: null, payload: null });
    expect(await titleOf(db, own)).toBe(title);
    expect(await entriesOf(id)).toEqual([{ action: 'bench.done', actor_type: 'job', actor_id: a.users.member.id }]);
    expect(bench().runs).toMatchObject([{ id, attempt: 1, idempotencyKey: id }]);
    expect(await withAdmin(db, 'select from auth.capabilities where job_id is not null')).toEqual([]);
  });

  it('never was, if the transaction that wanted it is rolled back', async () => {
    let id = '';
    const lost = as(held.app, db, a, 'member', async (jobs) => {
      id = await jobs.enqueue(Retitle, { dealId: own, title: 'never' });
      throw new Error('planted');
    });
    await expect(lost).rejects.toThrow('planted');
    await run();
    expect([await row(id), bench().runs]).toEqual([undefined, []]);
    expect(await withAdmin(db, `select from pgboss.job where data ->> 'jobId' = $1`, [id])).toEqual([]);
  });

  it('touches nothing of another tenant, whatever ids its payload names', async () => {
    const theirs = b.deals['owner-public'];
    const before = await titleOf(db, theirs);
    const id = await put('owner', 'taken over', Retitle, theirs);
    await run();
    expect([bench().found, await titleOf(db, theirs), (await row(id))?.status]).toEqual([[0], before, 'succeeded']);
  });

  it('may do no more than its kind is for: an owner’s that only reads changes nothing, whatever the SQL', async () => {
    const before = await titleOf(db, own);
    const id = await put('owner', 'changed all the same', Peek);
    await run();
    expect([bench().found, await titleOf(db, own), (await row(id))?.status]).toEqual([[0], before, 'succeeded']);
  });

  it('puts off another one that may do no more than itself', async () => {
    let child = '';
    bench().during = async ({ attempt }) => {
      bench().during = async () => undefined;
      expect(attempt).toBe(1);
      child = await held.app.nest.get(Jobs, { strict: false }).enqueue(Retitle, { dealId: own, title: 'by a child' });
    };
    await put('owner', 'parent', Peek);
    await run();
    expect(await row(child)).toMatchObject({ status: 'dead', error: 'permission_missing', actor_id: a.users.owner.id });
    expect(await titleOf(db, own)).not.toBe('by a child');
  });

  it('in several transactions: each is fenced, and the last one says that it is done', async () => {
    const open: number[] = [];
    bench().during = async () => {
      const rows = await withAdmin(
        db,
        `select from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
      );
      open.push(rows.length);
    };
    const id = await put('member', 'steps', Steps);
    await run();
    expect([open, bench().found, await titleOf(db, own)]).toEqual([[0], [1, 1], 'steps 2']);
    expect((await row(id))?.status).toBe('succeeded');
  });

  it('has one job for one key, also when it is over, and another tenant’s key is another', async () => {
    const keyed = (tenant: typeof a, dealId: string | undefined): Promise<string> =>
      as(held.app, db, tenant, 'owner', (jobs) =>
        jobs.enqueue(Retitle, { dealId: dealId ?? '', title: 'k' }, { key: 'k1' }),
      );
    const first = await keyed(a, own);
    expect(await keyed(a, own)).toBe(first);
    await run();
    expect([await keyed(a, own), bench().runs.length]).toEqual([first, 1]);
    expect(await keyed(b, b.deals['owner-public'])).not.toBe(first);
  });

  it('is refused where its payload is not what the kind takes, and waits as long as it should', async () => {
    const bad = { dealId: own, title: 'x', extra: 'secret-value' } as never;
    const refused = as(held.app, db, a, 'owner', (jobs) => jobs.enqueue(Retitle, bad));
    await expect(refused).rejects.toThrow('bench.retitle takes another payload: extra (whitelistValidation)');
    const later = await as(held.app, db, a, 'owner', (jobs) =>
      jobs.enqueue(Retitle, { dealId: own, title: 'later' }, { delaySeconds: 600 }),
    );
    await run();
    expect((await row(later))?.status).toBe('queued');
    await makeDue(db);
    await run();
    expect((await row(later))?.status).toBe('succeeded');
  });
});

describe('what its person may not do any more', () => {
  const gone = async (
    change: (person: { id: string }) => Promise<unknown>,
    back = async (): Promise<unknown> => undefined,
  ) => {
    const person = await newcomer(db, [a, 'owner']);
    const before = await titleOf(db, own);
    const id = await asPerson(held.app, db, a, person, (jobs) =>
      jobs.enqueue(Retitle, { dealId: own, title: 'too late' }),
    );
    await change(person);
    await run().finally(back);
    expect([await titleOf(db, own), await entriesOf(id)]).toEqual([before, []]);
    return row(id);
  };
  const look = (text: string, ...values: unknown[]): Promise<unknown> => db.look(text, values);

  it('a right that is lost: dead at once', async () => {
    const lost = await gone(({ id }) =>
      look('update app.memberships set role_id = $2 where user_id = $1', id, a.roles.viewer),
    );
    expect(lost).toMatchObject({ status: 'dead', attempt: 1, error: 'permission_missing' });
  });

  it('who is no member, or disabled: dead at once', async () => {
    const removed = await gone(({ id }) => look('delete from app.memberships where user_id = $1', id));
    expect(removed).toMatchObject({ status: 'dead', attempt: 1, error: 'actor_gone' });
    const disabled = await gone(({ id }) => look(`update auth.users set status = 'disabled' where id = $1`, id));
    expect(disabled).toMatchObject({ status: 'dead', attempt: 1, error: 'actor_gone' });
  });

  it('who is suspended, or below what the tenant demands: dead at once', async () => {
    const suspended = await gone(({ id }) =>
      look(`update app.memberships set status = 'suspended' where user_id = $1`, id),
    );
    expect(suspended).toMatchObject({ status: 'dead', error: 'membership_suspended' });
    const demand = (aal: number): Promise<unknown> =>
      look('update app.tenants set min_aal = $2 where id = $1', a.id, aal);
    expect(
      await gone(
        () => demand(2),
        () => demand(1),
      ),
    ).toMatchObject({ status: 'dead', error: 'aal2_required' });
  });

  it('in a tenant that is suspended: waits, and no try is counted', async () => {
    const set = (status: string): Promise<unknown> =>
      look('update app.tenants set status = $2 where id = $1', a.id, status);
    const waits = await gone(
      () => set('suspended'),
      () => set('active'),
    );
    expect(waits).toMatchObject({ status: 'queued', attempt: 0, error: null });
  });
});

describe('who does a kind of job', () => {
  const found = (metatypes: (new (...args: never[]) => object)[], all: boolean): void => {
    const getProviders = () => metatypes.map((metatype) => ({ metatype, instance: Object.create(metatype.prototype) }));
    new JobHandlers({ getProviders } as never).find(all);
  };

  it('is exactly one provider, or nothing starts', () => {
    @JobHandler(Retitle)
    class Another {
      async run(): Promise<void> {}
    }
    expect(() => found([RetitleHandler, Another], false)).toThrow(
      'job bench.retitle has two handlers: RetitleHandler and Another',
    );
    expect(() => found([RetitleHandler], false)).not.toThrow();
    expect(() => found([RetitleHandler], true)).toThrow(/^nobody does these jobs: .*bench\.peek, bench\.steps/);
  });
});
