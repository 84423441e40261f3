import type { UnfencedClient } from '../../../database/service-client.js';
import { ArchiveError } from './archive-error.js';
import { carriedTables, DERIVED } from './catalogue.js';
import { LEFT_BEHIND } from './left-behind.js';

/** Schemas of others: months of the audit log (reached through app), migrations that ran, and the queue of jobs. */
const OTHER_SCHEMAS = ['audit', 'meta', 'pgboss', 'pg_catalog', 'information_schema', 'pg_toast'];

const COLUMNS = `
  select format('%s.%s', n.nspname, c.relname) as name,
         array_agg(a.attname::text order by a.attnum) as columns,
         array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum) as types
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relkind in ('r', 'p', 'f', 'm') and not c.relispartition and n.nspname <> all ($1) and n.nspname !~ '^pg_temp'
   group by 1 order by 1`;

/** Types by column, by table. */
export type ColumnTypes = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Whether the catalogue of tables is that of the database: what it does not know might be a tenant's.
 * @throws ArchiveError naming each table and column that is in one and not in the other
 */
export async function checkedCatalogue(client: UnfencedClient): Promise<ColumnTypes> {
  const found = await client.query<{ name: string; columns: string[]; types: string[] }>(COLUMNS, [OTHER_SCHEMAS]);
  const known = new Map([...carriedTables(), ...DERIVED, ...LEFT_BEHIND].map(({ name, columns }) => [name, columns]));
  const faults = found.flatMap(({ name, columns }) => faultsOf(name, columns, known.get(name)));
  const there = new Set(found.map(({ name }) => name));
  for (const name of known.keys()) if (!there.has(name)) faults.push(`${name} is not in the database`);
  if (faults.length > 0) {
    throw new ArchiveError(
      `Nothing was moved: this version does not know what to do with\n${faults.map((fault) => `  ${fault}`).join('\n')}\n` +
        'Whether a table travels is declared in src/modules/platform/tenant-archive/catalogue.ts.',
    );
  }
  return new Map(
    found.map(({ name, columns, types }) => [name, new Map(columns.map((column, n) => [column, types[n] ?? '']))]),
  );
}

function faultsOf(name: string, columns: readonly string[], known: readonly string[] | undefined): string[] {
  if (!known) return [`table ${name}`];
  return [
    ...columns.filter((column) => !known.includes(column)).map((column) => `column ${name}.${column}`),
    ...known.filter((column) => !columns.includes(column)).map((column) => `column ${name}.${column}, which is gone`),
  ];
}

/** The last migration that ran: archives fit the schema that they were made of. */
export async function schemaVersion(client: UnfencedClient): Promise<string> {
  const [last] = await client.query<{ name: string }>('select name from meta.migrations order by id desc limit 1');
  return last?.name ?? '';
}
