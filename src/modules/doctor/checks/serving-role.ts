import type { Check } from '../check.js';

// pg_roles and pg_authid are closed to the application, so the role is read through what it may ask about itself.
export const servingRole: Check = {
  id: 'serving-role',
  title: 'The role that serves is not bound by the fence',
  severity: 'BLOCK',
  why: 'Policies bind who can neither switch them off, nor pass them by, nor become somebody who can.',
  mend: 'Use the URL of ringfence_app as APP_DATABASE_URL, and revoke what was granted to it.',
  asks: 'app',
  sql: `
    select current_user::text as object, f.detail
      from (values
        ('it is a superuser', pg_catalog.current_setting('is_superuser') = 'on'),
        ('it is not bound by row level security (BYPASSRLS)', not pg_catalog.row_security_active('app.tenants'::pg_catalog.regclass)),
        ('it owns something and could lift its protection', exists (
          select from pg_catalog.pg_shdepend d
           where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass and d.deptype = 'o'
             and d.refobjid = pg_catalog.to_regrole(current_user)::oid)),
        ('it is a member of another role and could become it', exists (
          select from pg_catalog.pg_auth_members m where m.member = pg_catalog.to_regrole(current_user)::oid)),
        ('row_security is off', pg_catalog.current_setting('row_security') <> 'on')) f(detail, holds)
     where f.holds`,
};
