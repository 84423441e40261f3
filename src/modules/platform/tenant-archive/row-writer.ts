import type { UnfencedClient } from '../../../database/service-client.js';
import type { CarriedTable } from './catalogue.js';
import type { ColumnTypes } from './catalogue-check.js';
import { carriedColumns } from './row-reader.js';

/** Inserts lines of a table, within the import's transaction. */
export type RowWriter = (client: UnfencedClient, tenantId: string, lines: Buffer) => Promise<void>;

/** What of a JSON object of texts goes into which column. */
export function rowWriter(table: CarriedTable, types: ColumnTypes): RowWriter {
  const columns = carriedColumns(table);
  const typeOf = (column: string): string => types.get(table.name)?.get(column) ?? 'text';
  const names = columns.map((column) => `"${column}"`).join(', ');
  const values = columns.map((column) => `(r ->> '${column}')::${typeOf(column)}`).join(', ');
  const source = `select ${values} from json_array_elements($1::json) r`;
  // a person who has an account here keeps it as it is
  const kept = table.kind === 'people' ? ' on conflict (id) do nothing' : '';
  return async (client, tenantId, lines) => {
    if (table.kind === 'audit')
      await client.query('select app.import_audit($1, $2, $3)', [tenantId, table.name, arrayOf(lines)]);
    else await client.query(`insert into ${table.name} (${names}) ${source}${kept}`, [arrayOf(lines)]);
  };
}

/** Lines as one JSON array. */
export const arrayOf = (lines: Buffer): string => `[${lines.toString().trimEnd().split('\n').join(',')}]`;
