/**
 * SQL: every protection of the database as a line of text, `<kind> <name> | <what it is>`; the same on every server that
 * ran the same migrations. It must run with an empty search_path, so that names print with their schema.
 *
 * Left out is what differs by right: partitions (they come and go with the months), what the queue makes for itself in
 * pgboss, objects of extensions, and grants to roles that are not ours.
 */
export const PROTECTIONS = `
  select pg_catalog.regexp_replace(p.line, '\\s+', ' ', 'g') as line from (with
    schemas as (
      select n.oid, n.nspname, n.nspowner, n.nspacl from pg_catalog.pg_namespace n where n.nspname in ('app', 'auth', 'audit', 'meta')),
    tables as (
      select c.* from pg_catalog.pg_class c
       where c.relnamespace in (select oid from schemas) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not c.relispartition),
    functions as (
      select p.* from pg_catalog.pg_proc p
       where p.pronamespace in (select oid from schemas)
         and not exists (select from pg_catalog.pg_depend d
                          where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e')),
    acls as (
      select 'schema ' || pg_catalog.quote_ident(n.nspname) as thing, n.nspowner as owner, coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner)) as acl from schemas n
      union all
      select 'table ' || c.oid::pg_catalog.regclass, c.relowner,
          coalesce(c.relacl, pg_catalog.acldefault(case c.relkind when 'S' then 's'::"char" else 'r' end, c.relowner)) from tables c
      union all
      select pg_catalog.format('column %s.%I', c.oid::pg_catalog.regclass, a.attname), c.relowner, a.attacl
        from tables c join pg_catalog.pg_attribute a on a.attrelid = c.oid where a.attacl is not null
      union all
      select 'function ' || p.oid::pg_catalog.regprocedure, p.proowner, coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner)) from functions p),
    roles(oid, name) as (
      select 0::oid, 'public' union all
      select pg_catalog.to_regrole(r)::oid, r from pg_catalog.unnest(array['ringfence_owner', 'ringfence_app', 'ringfence_auth', 'ringfence_service',
        'ringfence_context', 'ringfence_derive']) r)
  select 'schema ' || pg_catalog.quote_ident(n.nspname) || ' | owner ' || n.nspowner::pg_catalog.regrole as line from schemas n
  union all
  select pg_catalog.format('table %s | %s, owner %s%s%s%s', c.oid::pg_catalog.regclass,
      case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialised view'
        when 'f' then 'foreign table' else 'sequence' end, c.relowner::pg_catalog.regrole,
      case when c.relrowsecurity then ', row level security' else '' end, case when c.relforcerowsecurity then ', forced' else '' end,
      ', ' || pg_catalog.array_to_string(c.reloptions, ', '))
    from tables c
  union all
  select pg_catalog.format('policy %s %I | %s for %s to %s using (%s) with check (%s)', p.polrelid::pg_catalog.regclass, p.polname,
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      (select pg_catalog.string_agg(case r when 0 then 'public' else r::pg_catalog.regrole::text end, ', ' order by case r when 0 then 'public' else r::pg_catalog.regrole::text end)
         from pg_catalog.unnest(p.polroles) r),
      coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), ''))
    from pg_catalog.pg_policy p join tables c on c.oid = p.polrelid
  union all
  select pg_catalog.format('trigger %s %I | %s: %s', t.tgrelid::pg_catalog.regclass, t.tgname,
      case t.tgenabled when 'A' then 'always' when 'O' then 'unless replicating' when 'R' then 'only when replicating' else 'disabled' end,
      pg_catalog.pg_get_triggerdef(t.oid))
    from pg_catalog.pg_trigger t join tables c on c.oid = t.tgrelid where not t.tgisinternal
  union all
  select pg_catalog.format('rule %s %I | %s', r.ev_class::pg_catalog.regclass, r.rulename, pg_catalog.pg_get_ruledef(r.oid))
    from pg_catalog.pg_rewrite r join tables c on c.oid = r.ev_class
  union all
  select pg_catalog.format('constraint %s %I | %s', k.conrelid::pg_catalog.regclass, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
    from pg_catalog.pg_constraint k join tables c on c.oid = k.conrelid where k.contype <> 't'
  union all
  select pg_catalog.format('%s %s.%I | %s', case when a.attgenerated = '' then 'default' else 'generated' end,
      d.adrelid::pg_catalog.regclass, a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
    from pg_catalog.pg_attrdef d join tables c on c.oid = d.adrelid
    join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  union all
  -- what the procedures of the migrations wrote down about each kind of record, and functions go by
  select pg_catalog.format('resource %s | %s', r.resource, pg_catalog.to_jsonb(r) - 'resource') from auth.resources r
  union all
  select pg_catalog.format('unique index %s on %s | %s', i.indexrelid::pg_catalog.regclass, i.indrelid::pg_catalog.regclass, pg_catalog.pg_get_indexdef(i.indexrelid))
    from pg_catalog.pg_index i join tables c on c.oid = i.indrelid
   where i.indisunique and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  union all
  select pg_catalog.format('function %s | owner %s, %s%s%s%s, body %s', p.oid::pg_catalog.regprocedure, p.proowner::pg_catalog.regrole,
      case when p.prosecdef then 'security definer' else 'security invoker' end, case when p.proleakproof then ', leakproof' else '' end,
      case p.provolatile when 'i' then ', immutable' when 's' then ', stable' else ', volatile' end,
      ', ' || pg_catalog.array_to_string(p.proconfig, ', '),
      pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.regexp_replace(
        coalesce(p.prosrc, '') || coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), ''), '\\s+', ' ', 'g'), 'UTF8')), 'hex'), 16))
    from functions p
  union all
  select pg_catalog.format('grant %s to %s | %s', a.thing, r.name,
      pg_catalog.string_agg(pg_catalog.lower(x.privilege_type) || case when x.is_grantable then ' with grant option' else '' end, ', ' order by x.privilege_type))
    from acls a cross join lateral pg_catalog.aclexplode(a.acl) x join roles r on r.oid = x.grantee
   where x.grantee <> a.owner
   group by a.thing, r.name
  union all
  select pg_catalog.format('default privileges of %s on %s%s to %s | %s', d.defaclrole::pg_catalog.regrole,
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end,
      coalesce(' in ' || n.nspname, ''), r.name, pg_catalog.string_agg(pg_catalog.lower(x.privilege_type), ', ' order by x.privilege_type))
    from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
    cross join lateral pg_catalog.aclexplode(d.defaclacl) x join roles r on r.oid = x.grantee
   where d.defaclrole in (select oid from roles) and x.grantee <> d.defaclrole
   group by d.defaclrole, d.defaclobjtype, n.nspname, r.name) p`;

/** SQL: the lines in the order of the file. */
export const PROTECTIONS_IN_ORDER = `select line from (${PROTECTIONS}) p order by line collate "C"`;
