import type pg from 'pg';
import type { Mutant } from './mutant.js';

/*
 * Every protection of the schemas app and auth, as the catalogue of the migrated database has it. Each query answers id,
 * the statement that takes it out, and the object that it is about.
 */
const QUERIES: Readonly<Record<string, string>> = {
  // a restrictive one goes; a permissive one lets everything through
  policy: `
    select p.polrelid::regclass || ' ' || p.polname as id, p.polrelid::regclass::text as object,
      case when not p.polpermissive then format('drop policy %I on %s', p.polname, p.polrelid::regclass)
        when p.polcmd = 'a' then format('alter policy %I on %s with check (true)', p.polname, p.polrelid::regclass)
        else format('alter policy %I on %s using (true)', p.polname, p.polrelid::regclass) end as sql
      from pg_policy p join pg_class c on c.oid = p.polrelid
     where not c.relispartition and coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) <> 'true'`,
  'row level security': `
    select c.oid::regclass::text as id, c.oid::regclass::text as object, format('alter table %s disable row level security', c.oid::regclass) as sql
      from pg_class c where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and c.relrowsecurity and not c.relispartition`,
  'force row level security': `
    select c.oid::regclass::text as id, c.oid::regclass::text as object, format('alter table %s no force row level security', c.oid::regclass) as sql
      from pg_class c where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and c.relforcerowsecurity and not c.relispartition`,
  trigger: `
    select t.tgrelid::regclass || ' ' || t.tgname as id, t.tgrelid::regclass::text as object,
      format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname) as sql
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal and c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and not c.relispartition`,
  // what the application was never given
  'withheld grant': `
    select format('%s on %s to %s', x.privilege, c.oid::regclass, x.role) as id, c.oid::regclass::text as object,
      case n.nspname when 'auth' then format('grant usage on schema auth to %I; ', x.role) else '' end
        || format('grant %s on %s to %I', x.privilege, c.oid::regclass, x.role) as sql
      from pg_class c join pg_namespace n on n.oid = c.relnamespace,
           (values ('select'), ('insert'), ('update'), ('delete'), ('truncate')) p (privilege), lateral (select p.privilege, 'ringfence_app' as role) x
     where n.nspname in ('app', 'auth') and c.relkind in ('r', 'p') and not c.relispartition
       and not has_table_privilege(x.role, c.oid, x.privilege)`,
  'withheld function': `
    select f.oid::regprocedure || ' to ringfence_app' as id, f.proname::text as object,
      format('grant execute on %s %s to ringfence_app', case f.prokind when 'p' then 'procedure' else 'function' end, f.oid::regprocedure) as sql
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace
     where n.nspname = 'app' and f.prosecdef and not has_function_privilege('ringfence_app', f.oid, 'execute')`,
  // what sign-in was never given: all at once, since it may do little on any table of app
  'withheld from sign-in': `
    select c.oid::regclass || ' to ringfence_auth' as id, c.oid::regclass::text as object,
      format('grant %s on %s to ringfence_auth', string_agg(p.privilege, ', '), c.oid::regclass) as sql
      from pg_class c, (values ('select'), ('insert'), ('update'), ('delete')) p (privilege)
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and not has_table_privilege('ringfence_auth', c.oid, p.privilege)
     group by c.oid`,
  // what PUBLIC held before lockdown.sql, by families of names
  'withheld from PUBLIC': `
    with taken (family, what) as (
      select case when p.proname ~ '^lo_?(read|write|_)' then 'lo_' when p.proname ~ '^pg_stat_(get|clear)' then 'pg_stat_get_'
               when p.proname ~ '_to_xml' then '_to_xml' when p.proname ~ 'advisory' then 'pg_advisory_' when p.proname ~ '^pg_sleep' then 'pg_sleep'
               when p.proname ~ '_wal' then 'pg_wal_' when p.proname ~ '^pg_control' then 'pg_control_' when p.proname ~ '_size$' then 'pg_size_' else p.proname::text end,
             'execute on function ' || p.oid::regprocedure
        from pg_proc p
       where p.pronamespace = 'pg_catalog'::regnamespace and not has_function_privilege('public', p.oid, 'execute')
         and not exists (select from pg_init_privs i where i.objoid = p.oid and i.classoid = 'pg_proc'::regclass)
      union all
      select case when c.relname ~ '^pg_stat(_|io)' and c.relname <> 'pg_stat_activity' then 'pg_stat_' when c.relname ~ '^pg_stat' then 'pg_statistics' else c.relname::text end,
             'select on ' || c.oid::regclass
        from pg_class c join pg_init_privs i on i.objoid = c.oid and i.classoid = 'pg_class'::regclass, aclexplode(i.initprivs) a
       where c.relnamespace = 'pg_catalog'::regnamespace and a.grantee = 0 and a.privilege_type = 'SELECT' and i.objsubid = 0
         and not has_table_privilege('public', c.oid, 'select')
      union all select 'language ' || lanname, 'usage on language ' || lanname from pg_language where lanname in ('sql', 'plpgsql')
      union all select 'schema public', 'usage, create on schema public')
    select family as id, family as object, string_agg(format('grant %s to public', what), '; ') as sql from taken group by family`,
  constraint: `
    select k.conrelid::regclass || ' ' || k.conname as id, k.conrelid::regclass::text as object,
      format('alter table %s drop constraint %I cascade', k.conrelid::regclass, k.conname) as sql
      from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype in ('c', 'f', 'u', 'x') and k.conparentid = 0 and c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and not c.relispartition`,
  'unique index': `
    select i.indexrelid::regclass::text as id, i.indrelid::regclass::text as object, format('drop index %s', i.indexrelid::regclass) as sql
      from pg_index i join pg_class c on c.oid = i.indrelid
     where i.indisunique and not i.indisprimary and c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and not c.relispartition
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`,
};

/** @param admin connected to the template */
export async function sqlMutants(admin: pg.Client): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const [kind, query] of Object.entries(QUERIES)) {
    const { rows } = await admin.query<{ id: string; object: string; sql: string }>(`${query} order by 1`);
    for (const { id, object, sql } of rows)
      mutants.push({
        id: `${kind}: ${id}`,
        kind,
        about: [object.replace(/^\w+\./, ''), ...id.split(/\W+/).slice(-1)],
        sql,
      });
  }
  return mutants;
}
