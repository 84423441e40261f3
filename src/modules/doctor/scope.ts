/** SQL about `c` of pg_class: no system table and nobody's temporary one. */
export const OURS = `(c.relpersistence <> 't' and c.relnamespace not in ('pg_catalog'::pg_catalog.regnamespace,
    'information_schema'::pg_catalog.regnamespace, 'pg_toast'::pg_catalog.regnamespace))`;

/** SQL about `c` of pg_class: a relation of app, or one elsewhere that the application holds anything on. */
export const REACHABLE = `(${OURS} and (c.relnamespace = 'app'::pg_catalog.regnamespace
    or pg_catalog.has_any_column_privilege('ringfence_app', c.oid, 'select, insert, update, references')
    or pg_catalog.has_table_privilege('ringfence_app', c.oid, 'select, insert, update, delete, truncate, trigger, maintain')))`;

/** SQL: the column by which the rows of `c` belong to a tenant. A tenant belongs to itself. */
export const TENANT_COLUMN = `(case when c.oid = 'app.tenants'::pg_catalog.regclass then 'id' else 'tenant_id' end)`;

/** SQL: whether the roles of policy `p` include the application. */
export const FOR_THE_APP = `(p.polroles && array[0::oid, 'ringfence_app'::pg_catalog.regrole::oid])`;
