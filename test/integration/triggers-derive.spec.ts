import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, DatabaseError } from 'pg';
import { plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { Planter } from '../support/plant-row.js';

/*
 * What triggers of one table do, by plain SQL: rights are computed from roles at each change of them, keys are made for
 * whom entries are to be sealed, a tenant that is erased leaves nothing, and a record names what its writer sees.
 */

const { db } = useDatabase();
const { a, b } = db.world;
let admin: Client;
let planter: Planter;

beforeAll(async () => {
  admin = await db.as('admin');
  planter = await Planter.of(admin);
});

/** Takes back what was done, and answers what it came to. */
async function undone<T>(work: () => Promise<T>): Promise<T> {
  await admin.query('begin');
  try {
    return await work();
  } finally {
    await admin.query('rollback');
  }
}

const codeOf = (statement: string, client = admin): Promise<string> =>
  client.query(statement).then(
    () => 'done',
    (error: DatabaseError) => error.code ?? String(error),
  );

describe('rights', () => {
  const rightsOf = async (role: string): Promise<string[] | undefined> =>
    (
      await admin.query<{ permissions: string[] }>('select permissions from auth.role_rights where role_id = $1', [
        role,
      ])
    ).rows[0]?.permissions;
  const sql = (text: string, ...values: unknown[]): Promise<unknown> => admin.query(text, values);
  const role = async (): Promise<string> => (await planter.plant('app.roles', a.id))['id'] ?? '';
  const HOLDS = 'insert into app.role_permissions (tenant_id, role_id, permission) values ($1, $2, $3)';
  const BELOW = 'insert into app.role_edges (tenant_id, parent_id, child_id) values ($1, $2, $3)';

  it('are there as soon as a role is', async () => {
    const made = await undone(async () => {
      const { rows } = await admin.query<{ id: string }>(
        `insert into app.roles (tenant_id, slug, name) values ($1, 'alone', 'Alone') returning id`,
        [a.id],
      );
      return rightsOf(rows[0]?.id ?? '');
    });
    expect(made).toEqual([]);
  });

  it('follow what a role holds', async () => {
    const id = await role();
    const rights = await undone(async () => {
      await sql(HOLDS, a.id, id, 'deal:read');
      const given = await rightsOf(id);
      await sql(`update app.role_permissions set permission = 'deal:create' where role_id = $1`, id);
      const changed = await rightsOf(id);
      await sql('delete from app.role_permissions where role_id = $1', id);
      return [given, changed, await rightsOf(id)];
    });
    expect(rights).toEqual([['deal:read'], ['deal:create'], []]);
  });

  it('follow what stands below a role', async () => {
    const [one, other, child] = [await role(), await role(), await role()];
    const rights = await undone(async () => {
      await sql(HOLDS, a.id, child, 'deal:read');
      await sql(BELOW, a.id, one, child);
      const below = [await rightsOf(one), await rightsOf(other)];
      await sql('update app.role_edges set parent_id = $1 where child_id = $2 and parent_id = $3', other, child, one);
      const moved = [await rightsOf(one), await rightsOf(other)];
      await sql('delete from app.role_edges where child_id = $1 and parent_id = $2', child, other);
      return [below, moved, [await rightsOf(one), await rightsOf(other)]];
    });
    const [none, read]: string[][] = [[], ['deal:read']];
    expect(rights).toEqual([[read, none], [none, read], [none, none]]); // prettier-ignore
  });
});

it('whoever has an account, and whoever is a member, has a key that their entries are sealed with', async () => {
  const { user_id: user } = await planter.plant('app.memberships', a.id);
  const { rows } = await admin.query<{ tenant_id: string | null }>(
    'select tenant_id from auth.vault_keys where subject_id = $1 order by tenant_id nulls last',
    [user],
  );
  expect(rows.map(({ tenant_id }) => tenant_id).filter((id) => id === a.id)).toEqual([a.id]);
  expect(rows).toHaveLength(2);
});

it('a tenant whose erasure is said is erased, at the COMMIT', async () => {
  const code = await undone(async () => {
    await admin.query(`insert into auth.tenant_moves (tenant_id, op) values ('${a.id}', 'DELETE')`);
    return codeOf('set constraints all immediate');
  });
  expect(code).toBe('RF035');
});

it('files go with the record that they hang at', async () => {
  const { resource_id: record, id } = await planter.plant('app.files', a.id);
  const deleted = await undone(async () => {
    await admin.query('delete from app.deals where id = $1', [record]);
    return (await admin.query('select from app.files where id = $1 and deleted_at is not null', [id])).rowCount;
  });
  expect(deleted).toBe(1);
});

it('a record names nothing that its writer does not see, when it is made and when it is changed', async () => {
  const { rows } = await admin.query<{ name: string; column: string; target: string }>(
    `select r.relation::text as name, a.attname::text as column, f.confrelid::regclass::text as target
       from auth.resources r join pg_constraint f on f.conrelid = r.relation and f.contype = 'f'
       join auth.resources t on t.relation = f.confrelid
       join pg_attribute a on a.attrelid = r.relation and a.attnum = any (f.conkey) and a.attname <> 'tenant_id'`,
  );
  expect(rows.length).toBeGreaterThan(1);
  await admin.query('grant insert, update on all tables in schema app to ringfence_app');
  const app = await db.as('app');
  const { cap } = await plantCapability(db, a, a.users.owner, 2);
  const wrong: unknown[] = [];
  for (const { name, column, target } of rows) {
    const theirs = (await planter.ensure(target, b.id))['id'] ?? '';
    const own = await planter.plant(name, a.id);
    const values = Object.entries({ ...own, id: theirs, [column]: theirs }).filter(([, value]) => value !== null);
    const statements = [
      `update ${name} set "${column}" = '${theirs}' where id = '${own['id']}'`,
      `insert into ${name} (${values.map(([key]) => `"${key}"`).join(', ')}) values (${values.map(([, value]) => `'${value?.replaceAll("'", "''")}'`).join(', ')})`,
    ];
    for (const statement of statements) {
      await app.query('begin');
      await app.query(`select app.enter($1, '{}')`, [cap]);
      const code = await codeOf(statement, app);
      await app.query('rollback');
      if (code !== 'RF042') wrong.push([code, statement]);
    }
  }
  expect(wrong).toEqual([]);
});
