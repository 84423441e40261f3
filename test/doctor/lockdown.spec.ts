import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { lockdownLifted } from '../../src/modules/doctor/checks/lockdown-lifted.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
let admin: Client;
beforeAll(async () => {
  admin = await db.as('admin');
  await admin.query("set search_path = ''");
});

/** What a request may not call or read in pg_catalog as things are, but could after GRANT ... TO PUBLIC. */
const CLOSED = `
  select 'pg_catalog.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as object
    from pg_catalog.pg_proc p
   where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and not has_function_privilege('ringfence_app', p.oid, 'execute')
  union all
  select 'pg_catalog.' || c.relname from pg_catalog.pg_class c
   where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('v', 'r') and not has_table_privilege('ringfence_app', c.oid, 'select')
     and c.relname <> 'pg_subscription' -- open by columns
  order by 1`;

describe('lockdown-lifted', () => {
  it('finds all that the bootstrap closes, once it is open', async () => {
    const closed = (await admin.query<{ object: string }>(CLOSED)).rows.map(({ object }) => object);
    await admin.query('begin');
    try {
      await admin.query('grant execute on all functions in schema pg_catalog to public');
      await admin.query('grant select on all tables in schema pg_catalog to public');
      await admin.query('grant usage on language sql, plpgsql to public');
      const found = (await admin.query<{ object: string }>(lockdownLifted.sql)).rows.map(({ object }) => object);
      expect(closed.length).toBeGreaterThan(250);
      expect(closed.filter((object) => !found.includes(object))).toEqual([]);
      expect(found).toEqual(expect.arrayContaining(['language sql', 'language plpgsql']));
    } finally {
      await admin.query('rollback');
    }
  });
});
