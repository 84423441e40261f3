import type { Check } from '../check.js';

export const roleSettingUnsafe: Check = {
  id: 'role-setting-unsafe',
  title: 'A role or the database starts its sessions with a protection off',
  severity: 'BLOCK',
  why: 'A setting of ALTER ROLE or ALTER DATABASE is there before the first statement: one of these loads code, opens large objects, or lets what is created in a session stand before what is real.',
  mend: 'ALTER ROLE ... RESET the setting named, or ALTER DATABASE ... RESET.',
  asks: 'service',
  sql: `
    select coalesce('role ' || nullif(d.setrole, 0)::pg_catalog.regrole::text, 'database') as object, s.setting as detail
      from pg_catalog.pg_db_role_setting d, unnest(d.setconfig) s(setting)
     where d.setdatabase in (0, (select b.oid from pg_catalog.pg_database b where b.datname = pg_catalog.current_database()))
       and (s.setting ~* '^(lo_compat_privileges|allow_system_table_mods|dynamic_library_path|(session|local|shared)_preload_libraries|jit_provider|backslash_quote|default_transaction_read_only|zero_damaged_pages|ignore_system_indexes|ignore_checksum_failure)='
         or s.setting ~* '^search_path=' and (d.setrole = 0 or d.setrole in (
              pg_catalog.to_regrole('ringfence_app'), pg_catalog.to_regrole('ringfence_auth'),
              pg_catalog.to_regrole('ringfence_service'), pg_catalog.to_regrole('ringfence_owner')))
            and s.setting !~ '^search_path=((app|auth|audit|meta|pg_catalog), )*pg_temp$')
    union all
    select 'role ' || r.role, 'it has no search_path of its own: temporary tables would be looked at first'
      from unnest(array['ringfence_app', 'ringfence_auth', 'ringfence_service', 'ringfence_owner']) r(role)
     where not exists (select from pg_catalog.pg_db_role_setting d, unnest(d.setconfig) s(setting)
                        where d.setrole = pg_catalog.to_regrole(r.role) and s.setting ~ '^search_path=')`,
};
