import type { Client } from 'pg';
import { tenantColumnOf } from '../../support/catalogue.js';
import type { Planter } from '../../support/plant-row.js';
import type { Tenant } from '../../support/world.js';

const CATALOGUE = {
  relations: `select string_agg(concat_ws(' ', oid, relname, relowner, relacl, relrowsecurity, relforcerowsecurity, reloptions, relnatts), ';' order by oid) from pg_class where relnamespace >= 16384 or relname !~ '^pg_'`,
  columns: `select string_agg(concat_ws(' ', attrelid, attname, attacl, atttypid), ';' order by attrelid, attnum) from pg_attribute where attrelid >= 16384 and attrelid not in (select oid from pg_class where relnamespace = 'pg_toast'::regnamespace)`,
  functions: `select string_agg(concat_ws(' ', oid, proname, proowner, proacl, prosecdef, proconfig), ';' order by oid) from pg_proc`,
  policies: `select string_agg(p::text, ';' order by oid) from pg_policy p`,
  triggers: `select string_agg(concat_ws(' ', oid, tgname, tgenabled), ';' order by oid) from pg_trigger`,
  schemas: `select string_agg(concat_ws(' ', nspname, nspacl), ';' order by nspname) from pg_namespace where nspname !~ '^pg_(toast_)?temp'`,
  comments: `select string_agg(d::text, ';' order by d::text) from pg_description d where objoid >= 16384`,
  extensions: `select string_agg(extname, ';') from pg_extension`,
};

/** Roles are the cluster's, and other tests' as well: only ours, and no passwords. */
const ROLES = `select string_agg(concat_ws(' ', rolname, rolsuper, rolbypassrls, rolinherit, rolcanlogin, rolcreaterole, rolcreatedb,
  (select string_agg(roleid::regrole::text, ',' order by 1) from pg_auth_members m where m.member = r.oid),
  (select string_agg(setconfig::text, ',' order by 1) from pg_db_role_setting s where s.setrole = r.oid)), ';' order by rolname) from pg_roles r where rolname ~ '^ringfence_'`;

/** A digest of each table's rows that are not A's (where nobody is named, of all that mention nothing of A), and of the catalogue. */
export async function othersOf(admin: Client, planter: Planter, a: Tenant): Promise<Record<string, string | null>> {
  const mine = [a.id, ...Object.values(a.users).map(({ id }) => id), '@alpha.example'].join('|');
  const sums: string[] = [];
  for (const table of planter.relations.values()) {
    if (!['r', 'p'].includes(table.kind) || table.partitionOf) continue;
    const column = tenantColumnOf(table);
    const whose = column && table.schema === 'app' ? `"${column}" <> '${a.id}'` : `t::text !~ '${mine}'`;
    sums.push(`(select md5(string_agg(t::text, '|' order by t::text)) from ${table.name} t where ${whose}) as "${table.name}"`);
  }
  for (const [name, sql] of Object.entries({ ...CATALOGUE, roles: ROLES })) sums.push(`(select md5((${sql}))) as "${name}"`);
  return (await admin.query<Record<string, string | null>>(`select ${sums.join(', ')}`)).rows[0]!;
} // prettier-ignore

/** What differs between two digests. */
export const differing = (before: Record<string, unknown>, after: Record<string, unknown>): string[] =>
  Object.keys(before).filter((name) => before[name] !== after[name]);
