import type { Check } from '../check.js';

export const roleBorrowed: Check = {
  id: 'role-borrowed',
  title: 'Somebody else can act as a role of Ringfence, or pass the fence by',
  severity: 'FIX',
  why: 'Who may become the owner or a role that owns SECURITY DEFINER functions can lift any protection, and who has BYPASSRLS needs not even that.',
  mend: 'REVOKE ... FROM the role named, ALTER ROLE ... NOBYPASSRLS; or allow it with the reason: who that is, and what they need it for.',
  asks: 'service',
  sql: `
    select m.member::pg_catalog.regrole::text as object, 'a member of ' || m.roleid::pg_catalog.regrole::text
          || case when m.inherit_option then ', and has what that has' when m.set_option then ', and may become it'
                  else ', and may hand that on' end as detail
      from pg_catalog.pg_auth_members m
     where m.roleid::pg_catalog.regrole::text ~ '^ringfence_' and m.member::pg_catalog.regrole::text !~ '^ringfence_'
    union all
    select r.rolname, case when r.rolsuper then 'a superuser that is not the one of initdb' else 'row level security does not bind it (BYPASSRLS)' end
      from pg_catalog.pg_roles r
     where (r.rolsuper or r.rolbypassrls) and r.oid <> 10 and r.rolname !~ '^(pg|ringfence)_'
    union all
    select m.member::pg_catalog.regrole::text, 'a member of ' || m.roleid::pg_catalog.regrole::text
      from pg_catalog.pg_auth_members m
     where m.roleid::pg_catalog.regrole::text in ('pg_read_all_data', 'pg_write_all_data', 'pg_maintain', 'pg_read_server_files',
         'pg_write_server_files', 'pg_execute_server_program', 'pg_create_subscription', 'pg_signal_backend')
       and m.member::pg_catalog.regrole::text !~ '^ringfence_'`,
};
