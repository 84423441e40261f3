import type { Check } from '../check.js';

export const definerOwner: Check = {
  id: 'definer-owner',
  title: 'A SECURITY DEFINER function has an owner that it must not have',
  severity: 'BLOCK',
  why: 'Such a function does what its owner may: one of a superuser or of the owner of the tables is a way past the fence.',
  mend: 'Give it to ringfence_context (which reads who is asking) or ringfence_derive (which writes what is computed), or make it SECURITY INVOKER.',
  asks: 'app',
  sql: `
    select p.oid::pg_catalog.regprocedure::text as object,
        pg_catalog.format('it belongs to %s and %s', p.proowner::pg_catalog.regrole, case
          when pg_catalog.has_function_privilege('ringfence_app', p.oid, 'execute') then 'ringfence_app may call it'
          when pg_catalog.has_function_privilege('ringfence_auth', p.oid, 'execute') then 'ringfence_auth may call it'
          else 'a trigger calls it' end) as detail
      from pg_catalog.pg_proc p
     where p.prosecdef and p.pronamespace not in ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace)
       and p.proowner not in ('ringfence_context'::pg_catalog.regrole, 'ringfence_derive'::pg_catalog.regrole)
       and (pg_catalog.has_function_privilege('ringfence_app', p.oid, 'execute')
         or pg_catalog.has_function_privilege('ringfence_auth', p.oid, 'execute')
         or exists (select from pg_catalog.pg_trigger t where t.tgfoid = p.oid))`,
};
