/** A column of a table that names a row of another, each as an expression of SQL: two oids and a name. */
interface Reference {
  table: string;
  column: string;
  target: string;
}

const BODIES = {
  made: `'CREATE TRIGGER d_%1$s_made BEFORE INSERT ON %3$s FOR EACH ROW WHEN ((new.%2$I IS NOT NULL))'`,
  changed: `'CREATE TRIGGER d_%1$s_changed BEFORE UPDATE OF %2$I ON %3$s FOR EACH ROW WHEN (((new.%2$I IS NOT NULL) AND (new.%2$I IS DISTINCT FROM old.%2$I)))'`,
};

/** SQL: whether app.check_reference has made one of its two triggers, and it fires whoever writes. */
export const isAsked = (when: 'made' | 'changed', { table, column, target }: Reference): string => `exists (
    select from pg_catalog.pg_trigger t
     where t.tgrelid = ${table} and t.tgenabled = 'A'
       and pg_catalog.replace(pg_catalog.pg_get_triggerdef(t.oid), pg_catalog.quote_ident(t.tgname), t.tgname) = pg_catalog.format(
         ${BODIES[when]} || ' EXECUTE FUNCTION app.names_what_is_seen(%2$L, %4$L)',
         ${column}, ${column}, ${table}::pg_catalog.regclass, ${target}::pg_catalog.regclass))`;
