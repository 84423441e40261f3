import type { Check } from '../check.js';

export const eventTrigger: Check = {
  id: 'event-trigger',
  title: 'An event trigger runs with every migration or sign-in',
  severity: 'FIX',
  why: 'It runs inside others’ sessions, a superuser’s too: whoever can change its function changes what every migration makes.',
  mend: 'DROP EVENT TRIGGER ..., or allow it with the reason once its function has been read.',
  asks: 'app',
  sql: `
    select 'event trigger ' || e.evtname as object,
        'on ' || e.evtevent || ' it calls ' || e.evtfoid::pg_catalog.regproc::text || ', owned by ' || p.proowner::pg_catalog.regrole::text as detail
      from pg_catalog.pg_event_trigger e join pg_catalog.pg_proc p on p.oid = e.evtfoid`,
};
