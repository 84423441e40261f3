/** Pieces of SQL that several checks begin with. Each is one common table expression. */

/** What belongs to PostgreSQL itself. `n` is the row of pg_namespace. */
export const OURS = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/**
 * `reach(oid)`: whoever a connection of the application can act as: its three logins, the roles that they are members of,
 * at any remove, and PUBLIC (0). Needs `with recursive`.
 */
export const REACH = `
  reach(oid) as (
    select r::oid from unnest(array[pg_catalog.to_regrole('ringfence_app'), pg_catalog.to_regrole('ringfence_auth'),
                                    pg_catalog.to_regrole('ringfence_service'), 0::pg_catalog.regrole]) r where r is not null
    union select m.roleid from pg_catalog.pg_auth_members m join reach on reach.oid = m.member)`;

/**
 * `requests(oid)`: the same, of whoever carries requests: ringfence_app and ringfence_auth. ringfence_service is past the
 * fence by its nature. Needs `with recursive`.
 */
export const REQUESTS = `
  requests(oid) as (
    select r::oid from unnest(array[pg_catalog.to_regrole('ringfence_app'), pg_catalog.to_regrole('ringfence_auth'),
                                    0::pg_catalog.regrole]) r where r is not null
    union select m.roleid from pg_catalog.pg_auth_members m join requests on requests.oid = m.member)`;

/** The name of a role in a grant; 0 is PUBLIC. */
export const grantee = (oid: string): string =>
  `case when ${oid} = 0 then 'PUBLIC' else ${oid}::pg_catalog.regrole::text end`;

/**
 * `tenant_table(oid, name, schema, kind, partition, tenant)`: every table whose rows are a tenant's; `tenant` is the number
 * of the column that says whose. In app.tenants that is the id.
 */
export const TENANT_TABLES = `
  tenant_table(oid, name, schema, kind, partition, tenant) as (
    select c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), n.oid, c.relkind, c.relispartition, a.attnum
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and ${OURS}
       and a.attname = case when n.nspname = 'app' and c.relname = 'tenants' then 'id' else 'tenant_id' end)`;

/** Whether requests get at what is in the schema whose oid is named. */
export const requestsUse = (schema: string): string =>
  `pg_catalog.has_schema_privilege('ringfence_app', ${schema}, 'usage')`;

/** `app.may(text)`; `p` is the row of pg_proc and `n` of pg_namespace. */
export const FUNCTION_NAME = `pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes))`;

/**
 * `code(object, kind, source)`: all SQL that the database keeps: functions, policies, defaults, constraints and views. Its
 * comments are left in: what cannot be told from code is judged as code.
 */
export const CODE = `
  code(object, kind, source) as materialized (
    select ${FUNCTION_NAME}, 'function',
        coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where ${OURS}
    union all
    select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, o.polname), 'policy',
        pg_catalog.concat_ws(' , ', pg_catalog.pg_get_expr(o.polqual, o.polrelid), pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid))
      from pg_catalog.pg_policy o join pg_catalog.pg_class c on c.oid = o.polrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    union all
    select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname), 'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid)
      from pg_catalog.pg_attrdef d join pg_catalog.pg_class c on c.oid = d.adrelid
      join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS}
    union all
    select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, k.conname), 'constraint', pg_catalog.pg_get_constraintdef(k.oid)
      from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace where k.contype = 'c' and ${OURS}
    union all
    select pg_catalog.format('%I.%I', n.nspname, c.relname), 'view', pg_catalog.pg_get_viewdef(c.oid)
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('v', 'm') and ${OURS})`;

/**
 * `per_row(policy, object, source)`: the policies, and of their expressions what is evaluated once a row: what stands in
 * (select ...) has become a question mark, texts are empty, other brackets are braces. Needs `with recursive`.
 */
export const PER_ROW = `
  peeled(policy, object, source) as (
    select o.oid, pg_catalog.format('%I.%I.%I', n.nspname, c.relname, o.polname),
        pg_catalog.regexp_replace(
          pg_catalog.concat_ws(' , ', pg_catalog.pg_get_expr(o.polqual, o.polrelid), pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid)),
          '''([^'']|'''')*''', '''''', 'g')
      from pg_catalog.pg_policy o join pg_catalog.pg_class c on c.oid = o.polrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    union all
    select policy, object, pg_catalog.regexp_replace(
        pg_catalog.regexp_replace(source, '\\(\\s*SELECT\\M[^()]*\\)', '?', 'g'),
        '\\((?!\\s*SELECT\\M)([^()]*)\\)', '{\\1}', 'g')
      from peeled where source ~ '\\([^()]*\\)'),
  per_row(policy, object, source) as (select policy, object, source from peeled where source !~ '\\([^()]*\\)')`;
