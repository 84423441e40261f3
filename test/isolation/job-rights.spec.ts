import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { acting, plantCapability } from '../support/acting.js';
import { plantKey, type PlantedKey } from '../support/api-keys.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import type { Person } from '../support/world.js';

/* What the database says of jobs by itself: no worker, no queue, no guard. */
const { db } = useDatabase();
const { a, b } = db.world;
let app: Client;
let auth: Client;
beforeAll(async () => {
  app = await db.as('app');
  auth = await db.as('auth');
});

const enqueue = async (person: Person, key: string | null = null, delay = 0): Promise<string> =>
  enqueueAs((await plantCapability(db, a, person, 2)).cap, key, delay);
const enqueueAs = (cap: string, key: string | null = null, delay = 0): Promise<string> =>
  acting(app, cap, async () => {
    const { rows } = await app.query<{ id: string }>(
      `select app.enqueue_job('probe.work', '{}', $1, $2, 5, 60) as id`,
      [key, delay],
    );
    await app.query('commit; begin');
    return (rows[0] as { id: string }).id;
  });

interface Begun {
  cap: string;
  refusal: string | null;
  attempt: number | null;
  aal: number | null;
}
const begin = async (id: string, scopes: string[], atOnce = 100, client = auth): Promise<Begun> => {
  const cap = randomBytes(32).toString('base64url');
  const { rows } = await client.query<Omit<Begun, 'cap'>>(
    `select attempt, refusal, aal from auth.begin_job($1, $2, 'probe.work', sha256($3), $4, $5)`,
    [a.id, id, Buffer.from(cap), scopes, atOnce],
  );
  return { cap, ...(rows[0] as Omit<Begun, 'cap'>) };
};
const fail = ({ cap }: Begun, id: string, dead: boolean): Promise<unknown> =>
  auth.query(`select auth.fail_job($1, $2, sha256($3), 'broken', $4)`, [a.id, id, Buffer.from(cap), dead]);
const statusOf = async (id: string): Promise<string> =>
  (
    (await withAdmin<{ status: string }>(db, 'select status from app.jobs where id = $1', [id]))[0] as {
      status: string;
    }
  ).status;
const queued = async (id: string): Promise<number> =>
  (await withAdmin(db, `select from pgboss.job where data ->> 'jobId' = $1`, [id])).length;

describe('a job', () => {
  it('has the rights of its person that it is for, and no other, and leaves no tenant', async () => {
    const { cap } = await begin(await enqueue(a.users.owner), ['deal:read']);
    await acting(app, cap, async () => {
      const { rows } = await app.query(`select (app.context()).permissions as held, app.may('deal:update') as may`);
      expect(rows).toEqual([{ held: ['deal:read'], may: false }]);
    });
    await acting(app, cap, () =>
      expect(app.query('select app.leave_tenant($1)', [a.users.member.id])).rejects.toMatchObject({ code: 'RF007' }),
    );
  });

  it('is as sure of its person as their session was, and no longer than a session lasts', async () => {
    const id = await enqueue(a.users.member);
    expect((await begin(id, [])).aal).toBe(2);
    await withAdmin(db, `update app.jobs set auth_time = now() - interval '13 hours' where id = $1`, [id]);
    expect((await begin(id, [])).aal).toBe(1);
  });

  it('is dead when its person is gone, and counted in no queue', async () => {
    const id = await enqueue(a.users.viewer);
    await withAdmin(db, `update auth.users set status = 'disabled' where id = $1`, [a.users.viewer.id]);
    expect(await begin(id, [])).toMatchObject({ refusal: 'actor_gone' });
    expect(await statusOf(id)).toBe('dead');
    await withAdmin(db, `update auth.users set status = 'active' where id = $1`, [a.users.viewer.id]);
  });

  it('loses its rights with a person who is disabled while it is taken up', async () => {
    const id = await enqueue(a.users.viewer);
    const disabling = await db.as('service');
    await auth.query('begin');
    const { cap } = await begin(id, ['deal:read']);
    const disabled = disabling.query(`update auth.users set status = 'disabled' where id = $1`, [a.users.viewer.id]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await auth.query('commit');
    await disabled;
    await acting(app, cap, async () => {
      const { rows } = await app.query('select app.user_id() as who');
      expect(rows).toEqual([{ who: null }]);
    });
    await withAdmin(db, `update auth.users set status = 'active' where id = $1`, [a.users.viewer.id]);
  });

  it('waits while its tenant has enough under way or is suspended, and no try of it is counted', async () => {
    await withAdmin(db, 'delete from auth.capabilities where job_id is not null');
    const ids = [await enqueue(a.users.owner), await enqueue(a.users.owner), await enqueue(a.users.owner)];
    const workers = await Promise.all(ids.map(() => db.as('auth')));
    const [one, two, three] = workers as [Client, Client, Client];
    await one.query('begin');
    const first = await begin(ids[0] as string, [], 2, one);
    const others = Promise.all([begin(ids[1] as string, [], 2, two), begin(ids[2] as string, [], 2, three)]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await one.query('commit');
    const begun = [first, ...(await others)];
    expect(begun.map(({ refusal }) => refusal).sort()).toEqual(['busy', null, null]);
    const [waiting] = ids.filter((_, at) => begun[at]?.refusal);
    await withAdmin(db, `update app.tenants set status = 'suspended' where id = $1`, [a.id]);
    expect((await begin(waiting as string, [])).refusal).toBe('tenant_suspended');
    await withAdmin(db, `update app.tenants set status = 'active' where id = $1`, [a.id]);
    expect((await begin(waiting as string, [])).attempt).toBe(1);
  });

  it('is not ended by an older try of it', async () => {
    const id = await enqueue(a.users.owner);
    const first = await begin(id, []);
    await fail(first, id, true);
    expect(await statusOf(id)).toBe('dead');
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    await acting(app, cap, () => app.query('select app.retry_job($1); commit; begin'.replace('$1', `'${id}'`)));
    const second = await begin(id, []);
    expect(second.attempt).toBe(1);
    await fail(first, id, true);
    expect(await statusOf(id)).toBe('running');
  });

  it('cannot be used any more once it is done, and the log says whose it was', async () => {
    const id = await enqueue(a.users.owner);
    const { cap } = await begin(id, ['deal:read', 'deal:update']);
    const deal = a.deals['owner-public'];
    await acting(app, cap, async () => {
      await app.query(`update app.deals set title = 'By a job' where id = $1`, [deal]);
      await app.query('select app.finish_job()');
      expect((await app.query('select app.tenant_id() as t')).rows).toEqual([{ t: null }]);
      await app.query('commit; begin');
    });
    const [entry] = await withAdmin<{ actor_type: string; session_id: string }>(
      db,
      `select actor_type, session_id from app.audit_log l join app.audit_changes c on c.entry_id = l.id
        where c.row_id = $1 order by l.at desc, l.n desc limit 1`,
      [deal],
    );
    expect(entry).toEqual({ actor_type: 'job', session_id: id });
  });
});

describe('a key', () => {
  it('gives its person the same job again, and somebody else one of their own', async () => {
    const key = randomUUID();
    const id = await enqueue(a.users.owner, key);
    expect(await enqueue(a.users.owner, key)).toBe(id);
    expect(await queued(id)).toBe(1);
    expect(await enqueue(a.users.member, key)).not.toBe(id);
  });

  it('queues a job that is dead once more', async () => {
    const key = randomUUID();
    const id = await enqueue(a.users.owner, key);
    await fail(await begin(id, []), id, true);
    expect(await enqueue(a.users.owner, key)).toBe(id);
    expect([await statusOf(id), await queued(id)]).toEqual(['queued', 2]);
  });
});

describe('who puts work off', () => {
  it('does so for a hundred days at most, and with an object', async () => {
    await expect(enqueue(a.users.owner, null, 200 * 86_400)).rejects.toMatchObject({ code: '23514' });
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    for (const payload of ['null', `'null'`, `'[]'`]) {
      await acting(app, cap, () =>
        expect(app.query(`select app.enqueue_job('probe.work', ${payload}, null, 0, 1, 1)`)).rejects.toMatchObject({
          code: '23514',
        }),
      );
    }
  });

  it('may try again what those below them made, and not what those above did', async () => {
    const ids = [await enqueue(a.users.owner), await enqueue(a.users.member)] as const;
    for (const id of ids) await fail(await begin(id, []), id, true);
    const retry = async (id: string): Promise<boolean> => {
      const { cap } = await plantCapability(db, a, a.users.admin, 2);
      return acting(app, cap, async () => {
        const { rows } = await app.query<{ done: boolean }>('select app.retry_job($1) as done', [id]);
        return (rows[0] as { done: boolean }).done;
      });
    };
    await expect(retry(ids[0])).rejects.toMatchObject({ code: 'RF005' });
    expect(await retry(ids[1])).toBe(true);
    const { cap } = await plantCapability(db, b, b.users.owner, 2);
    await acting(app, cap, async () => {
      expect((await app.query('select app.retry_job($1) as done', [ids[1]])).rows).toEqual([{ done: false }]);
    });
  });
});

describe('an API key', () => {
  const KEYS_AND_ALL = ['deal:read', 'job:read', 'job:update'];
  const dead = async (id: string): Promise<string> => {
    await fail(await begin(id, []), id, true);
    return id;
  };
  const retry = (cap: string, id: string): Promise<boolean> =>
    acting(app, cap, async () => {
      const { rows } = await app.query<{ done: boolean }>('select app.retry_job($1) as done', [id]);
      await app.query('commit; begin');
      return rows[0]?.done ?? false;
    });
  const keyOf = (permissions: string[]): Promise<PlantedKey> => plantKey(db, a, a.users.owner, permissions);

  it('sets going again what it put off itself, and nothing of its person', async () => {
    const [blind, seeing] = [await keyOf(['job:update']), await keyOf(KEYS_AND_ALL)];
    const sure = await dead(await enqueue(a.users.owner));
    const other = await dead(await enqueueAs(seeing.cap));
    await expect(retry(blind.cap, sure)).rejects.toMatchObject({ code: 'P0002' });
    await expect(retry(blind.cap, other)).rejects.toMatchObject({ code: 'P0002' });
    await expect(retry(seeing.cap, sure)).rejects.toMatchObject({ code: 'RF039' });
    expect([await retry(seeing.cap, randomUUID()), await retry(seeing.cap, other)]).toEqual([false, true]);
  });

  it('and what it put off stays within it, whoever sets it going again', async () => {
    const key = await keyOf(['deal:read']);
    const id = await dead(await enqueueAs(key.cap));
    expect(await retry((await plantCapability(db, a, a.users.owner, 2)).cap, id)).toBe(true);
    const { cap, aal } = await begin(id, ['deal:read', 'deal:update']);
    await acting(app, cap, async () => {
      const { rows } = await app.query('select (app.context()).permissions as held, (app.context()).key_id as key');
      expect([aal, rows]).toEqual([1, [{ held: ['deal:read'], key: key.id }]]);
    });
  });

  it('has nothing done once it has expired', async () => {
    const key = await keyOf(['deal:read']);
    const id = await enqueueAs(key.cap);
    await withAdmin(db, `update app.api_keys set expires_at = now() - interval '1 second' where id = $1`, [key.id]);
    expect((await begin(id, ['deal:read'])).refusal).toBe('actor_gone');
  });

  it('sees what it put off, and with job:read what everybody did', async () => {
    const [blind, seeing] = [await keyOf(['deal:read']), await keyOf(KEYS_AND_ALL)];
    const [ofPerson, ofKey, ofOther] = [
      await enqueue(a.users.owner),
      await enqueueAs(blind.cap),
      await enqueueAs(seeing.cap),
    ];
    const seen = (cap: string): Promise<string[]> =>
      acting(app, cap, async () => {
        const { rows } = await app.query<{ id: string }>('select id from app.jobs order by id');
        return rows.map(({ id }) => id);
      });
    expect(await seen(blind.cap)).toEqual([ofKey]);
    expect(await seen(seeing.cap)).toEqual(expect.arrayContaining([ofPerson, ofKey, ofOther]));
    expect(await seen((await plantCapability(db, a, a.users.owner, 1)).cap)).toContain(ofKey);
  });
});
