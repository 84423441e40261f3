import type { Check } from '../check.js';

const ROLE = (oid: string): string => `${oid}::pg_catalog.regrole::text`;

export const rolePowers: Check = {
  id: 'role-powers',
  title: 'A role of Ringfence can do or become more than it needs',
  severity: 'BLOCK',
  why: 'Each role is worth as little as its job allows: a stolen connection, or SQL injected into it, gets what the role has.',
  mend: 'Run `npm run ringfence -- db bootstrap` again: it sets the attributes; revoke the membership, or give what is owned to ringfence_owner.',
  asks: 'service',
  sql: `
    select r.rolname::text as object, f.detail
      from pg_catalog.pg_roles r
      cross join lateral (values
        ('it is a superuser', r.rolsuper),
        ('it passes row level security by (BYPASSRLS)', r.rolbypassrls and r.rolname <> 'ringfence_service'),
        ('it may make roles', r.rolcreaterole),
        ('it may make databases', r.rolcreatedb),
        ('it may replicate', r.rolreplication),
        ('it inherits what it is a member of', r.rolinherit),
        ('it can sign in and owns SECURITY DEFINER functions', r.rolcanlogin and r.rolname in ('ringfence_context', 'ringfence_derive')),
        ('it owns something', r.rolname in ('ringfence_app', 'ringfence_auth', 'ringfence_service') and exists (
          select from pg_catalog.pg_shdepend d
           where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass and d.deptype = 'o' and d.refobjid = r.oid))
      ) f(detail, holds)
     where f.holds and r.rolname ~ '^ringfence_(owner|app|auth|service|context|derive)$'
    union all
    select ${ROLE('m.member')}, pg_catalog.format('it is a member of %s%s', ${ROLE('m.roleid')},
        case when m.admin_option then ' and may hand that on' when m.inherit_option then ' and inherits what that may' else '' end)
      from pg_catalog.pg_auth_members m
     where ${ROLE('m.member')} ~ '^ringfence_(owner|app|auth|service|context|derive)$'
       and not (${ROLE('m.member')} = 'ringfence_owner' and ${ROLE('m.roleid')} in ('ringfence_context', 'ringfence_derive')
         and not m.admin_option and not m.inherit_option)`,
};
