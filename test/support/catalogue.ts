import type { Client } from 'pg';

/** A relation of the live catalogue: what of it can be planted and attacked. */
export interface Relation {
  /** with its schema, quoted where that is needed */
  name: string;
  schema: string;
  /** without its schema */
  plain: string;
  /** r table, p partitioned table, v view, m materialised view, f foreign table */
  kind: string;
  /** the table that it is a part of */
  partitionOf: string | null;
  columns: Column[];
  checks: Check[];
  foreignKeys: ForeignKey[];
}

export interface Column {
  name: string;
  type: string;
  notNull: boolean;
  default: string | null;
  /** it is in a unique key that is not the primary one */
  unique: boolean;
  /** the database fills it in, and refuses a value */
  generated: boolean;
  /** values of an enum */
  labels: string[];
  /** what the role of `relationsOf` may do to it */
  may: { select: boolean; insert: boolean; update: boolean };
}

export interface Check {
  name: string;
  expression: string;
  columns: string[];
}

export interface ForeignKey {
  columns: string[];
  references: string;
  referenced: string[];
}

const COLUMNS = `
  select jsonb_agg(jsonb_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
      'default', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated <> '' or a.attidentity = 'a',
      'unique', exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and not i.indisprimary and a.attnum = any (i.indkey)),
      'labels', (select coalesce(jsonb_agg(e.enumlabel order by e.enumsortorder), '[]') from pg_enum e where e.enumtypid = a.atttypid),
      'may', (select jsonb_object_agg(p, has_schema_privilege($1, c.relnamespace, 'usage') and has_column_privilege($1, c.oid, a.attnum, p))
                from unnest('{select,insert,update}'::text[]) p)) order by a.attnum)
    from pg_attribute a left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`;

const names = (relation: string, numbers: string): string => `
  (select jsonb_agg(a.attname order by u.n) from unnest(${numbers}) with ordinality u (attnum, n)
     join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.attnum)`;

const RELATIONS = `
  select c.oid::regclass::text as name, n.nspname as schema, c.relname as plain, c.relkind as kind, (${COLUMNS}) as columns,
         (select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = c.oid) as "partitionOf",
         (select coalesce(jsonb_agg(jsonb_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid), 'columns', ${names('k.conrelid', 'k.conkey')})), '[]')
            from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey is not null) as checks,
         (select coalesce(jsonb_agg(jsonb_build_object('columns', ${names('k.conrelid', 'k.conkey')},
              'references', k.confrelid::regclass::text, 'referenced', ${names('k.confrelid', 'k.confkey')}) order by cardinality(k.conkey), k.conname), '[]')
            from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0) as "foreignKeys"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   order by 1`;

/** Every relation that is not PostgreSQL's own, in every schema, and what that role may do to its columns. */
export async function relationsOf(admin: Client, role = 'ringfence_app'): Promise<Map<string, Relation>> {
  const { rows } = await admin.query<Relation>(RELATIONS, [role]);
  return new Map(rows.map((relation) => [relation.name, relation]));
}

/** The column that says whose a row is; undefined where none does. */
export const tenantColumnOf = ({ name, columns }: Relation): string | undefined =>
  name === 'app.tenants' ? 'id' : columns.find((one) => one.name === 'tenant_id')?.name;

/** A table of schema `app` that rows of tenants can be planted in: neither a part of another one nor a view. */
export const isTenantTable = (relation: Relation): boolean =>
  relation.schema === 'app' &&
  ['r', 'p'].includes(relation.kind) &&
  relation.partitionOf === null &&
  tenantColumnOf(relation) !== undefined;
