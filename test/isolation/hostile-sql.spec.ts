import { beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import { ACCEPTED } from './hostile/accepted.js';
import { type Attack, type Group, type Login } from './hostile/attack.js';
import { Calls } from './hostile/calls.js';
import { CONTEXT } from './hostile/context.js';
import { callsOf, ofA } from './hostile/functions.js';
import { ORACLES } from './hostile/oracles.js';
import { waits } from './hostile/locks.js';
import { differing } from './hostile/others.js';
import { POWERS, SKIPPED } from './hostile/powers.js';
import { ROWS } from './hostile/rows.js';
import { judged, Stage } from './hostile/stage.js';
import { Watch } from './hostile/watching.js';

/*
 * SQL of an attacker, as each of the roles that something signs in as, in a live transaction of tenant A with every right
 * that A can give. What the groups try is in hostile/. Of each attempt: nothing of B is told, by row or by word; whatever it
 * changed and could commit is not B's; and the connection is as it was, once the pool has cleaned it.
 */

const { db } = useDatabase();
let stage: Stage;
let calls: Calls;
/** as the group before left it */
let before: Record<string, string | null>;
beforeAll(async () => {
  stage = await Stage.of(db);
  calls = await Calls.of(stage, db.world);
  before = await stage.others();
}, 60_000);

const GROUPS: Record<string, Group> = { ...CONTEXT, ...ROWS, ...ORACLES, ...POWERS, 'without effect': () => SKIPPED };
/** Groups whose words mean something to a login that reads no tenant's rows. */
const OF_AUTH = { ...ROWS, 'what the server says of itself': true, 'without effect': true };
/** The service role passes the fence, so what it sees says nothing; but powers it has none either. */
const loginsOf = (name: string): Login[] =>
  name in POWERS ? ['app', 'auth', 'service'] : name in OF_AUTH ? ['app', 'auth'] : ['app'];
const TRIALS = Object.entries(GROUPS).flatMap(([name, group]) =>
  loginsOf(name).map((login) => [name, login, group] as const),
);

async function faultsOf(attack: Attack, login: Login): Promise<string[]> {
  const { steps, must, twin, differ = ['', ''] } = attack;
  const told = await stage.told(login, steps, attack.undone);
  const faults = [judged(attack, login, told)];
  const leaked = stage.leaked(login, told.text, steps.join());
  if (leaked.length > 0) faults.push(`tells ${leaked.slice(0, 3).join(', ')}`);
  if (must === 'alike') {
    const other = await stage.told(login, twin!, true);
    const [mine, theirs] = [other.text.replaceAll(differ[1], '*'), told.text.replaceAll(differ[0], '*')];
    if (mine !== theirs) faults.push(`tells them apart:\n  ${theirs.slice(0, 300)}\n  ${mine.slice(0, 300)}`);
  }
  return faults.flatMap((fault) => (fault ? [`${steps.join('; ')}: ${fault}`] : []));
}

describe.each(TRIALS)('%s, as ringfence_%s', (_, login, group) => {
  it('shows and changes nothing of anybody else, and leaves nothing', async () => {
    const attacks = group(stage.target);
    const clean = await stage.left(login);
    const faults: string[] = [];
    for (const attack of attacks.filter(({ only }) => (only ?? login) === login)) {
      faults.push(...(await faultsOf(attack, login)));
      if ((await stage.left(login, attack.steps)) !== clean)
        faults.push(`${attack.steps.join('; ')}: leaves something`);
    }
    const after = await stage.others();
    faults.push(...differing(before, after).map((table) => `changed: ${table}`));
    before = after;
    expect(faults).toEqual([]);
  });
});

describe('a function that requests may call', () => {
  it('answers to ids of another tenant as to ids of nothing', async () => {
    expect(await calls.unlike()).toEqual([]);
    expect(calls.calls.length).toBeGreaterThan(40);
    expect(Object.keys(calls.theirs).length).toBeGreaterThan(15);
  }, 60_000);

  it('changes nothing of another tenant', async () => {
    expect(await calls.changed()).toEqual([]);
  }, 60_000);

  it('does something with an id of one’s own, so that the same refusal says something', async () => {
    expect(await calls.silent()).toEqual([]);
  });

  it('that the suite does not know how to call fails it', () => {
    const unknown = { name: 'open_the_door', arguments: [{ name: 'p_door', type: 'uuid' }] };
    expect(() => callsOf([unknown], ofA(db.world.a, {}))).toThrow(/open_the_door.*p_door/);
  });
});

describe('a lock of another tenant', () => {
  it('is waited for by nobody who cannot see what is locked', async () => {
    expect(await waits(stage)).toEqual([]);
  });
});

describe('what is accepted', () => {
  /** B works: rows, versions of rows, statistics. */
  const work = async (): Promise<void> => {
    await db.look(`insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency)
      select $1, $2, $3, 'work ' || n, n, 'EUR' from generate_series(1, 2000) n`, [db.world.b.id, db.world.b.users.owner.id, db.world.b.roles.owner]);
    await db.look(`update app.deals set stage = 'won' where tenant_id = $1`, [db.world.b.id]);
    await stage.admin.query('vacuum analyze app.deals');
  };

  it('is all that the server tells of others: sizes, and numbers of transactions', async () => {
    const watch = await Watch.of(stage);
    await stage.clients.app.query('listen app; listen deals; listen pgboss; listen "*"');
    const heard: unknown[] = [];
    stage.clients.app.on('notification', (one) => heard.push(one));
    const seen = await watch.look();
    await work();
    const told = watch.differing(seen, await watch.look());
    const { columns } = ACCEPTED['sizes of tables'];
    const functions = ACCEPTED['numbers of transactions'].functions.map((name) => `${name}()`);
    expect(told.filter((one) => ![...columns, ...functions].includes(one))).toEqual([]);
    expect(told).toContain('pg_class.reltuples');
    expect(heard).toEqual([]);
  });

  it('is about how many rows a tenant has whose id is known, and nothing of what they say', async () => {
    const { b } = db.world;
    const rows = async (where: string): Promise<number> => {
      const { text } = await stage.told('app', [`explain (format json) select from app.deals where ${where}`]);
      return Number(/"Plan Rows":(\d+)/.exec(text)?.[1]);
    };
    const theirs = `tenant_id = '${b.id}'`;
    expect(await rows(`${theirs} and title = 'work 1'`)).toBe(await rows(`${theirs} and title = 'none'`));
    expect(await rows(`title between 'work' and 'worl'`)).toBe(await rows(`title between 'idle' and 'idlf'`));
  });

  it('is that a name is taken, and keys that nobody says by chance', async () => {
    const rename = (slug: string) => stage.told('app', [`select app.update_tenant('{"slug": "${slug}"}', null)`], true);
    expect([(await rename(db.world.b.slug)).code, (await rename('nobodys')).code]).toEqual(['23505', undefined]);
    const { rows } = await stage.admin.query<{ name: string }>(`
      select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
       where i.indisunique and c.relnamespace = 'app'::regnamespace and not c.relispartition and not exists (
         select from pg_attribute t where t.attrelid = i.indrelid and t.attnum = i.indkey[0] and t.attname = 'tenant_id') order by 1`);
    expect(rows.map(({ name }) => name)).toEqual(ACCEPTED['keys that are drawn'].indexes);
  });

  it('is a seed that no function draws by (but for whose turn it is to get new permissions)', async () => {
    const { rows } = await stage.admin.query(`select p.oid::regprocedure from pg_proc p
      where p.pronamespace in ('app'::regnamespace, 'auth'::regnamespace) and p.proname <> 'spread_permissions' and p.prosrc ~* '\\m(random|random_normal|setseed)\\s*\\('`);
    expect(rows).toEqual([]);
  });
}); // prettier-ignore
