import type { UnfencedClient } from '../../../database/service-client.js';
import type { CarriedTable } from './catalogue.js';

/** Bytes of a chunk, as far as rows allow. */
const CHUNK_BYTES = 256 * 1024;
const ROWS_AT_MOST = 1_000;

/** How PostgreSQL writes values as texts, whatever the role's own settings are; and no bound on how long it takes. */
export const TEXT_FORM = `
  set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1;
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
  set local transaction_timeout = 0`;

/** The columns that travel. */
export const carriedColumns = ({ columns, without = [] }: CarriedTable): string[] =>
  columns.filter((column) => !without.includes(column));

/** The statement that reads a table's rows of one tenant, each as the text of a JSON object of texts. */
export function rowsOf(table: CarriedTable): string {
  const { name, as = {}, from = name, where, order } = table;
  const members = carriedColumns(table).map((column) => `'${column}', (${as[column] ?? `t.${column}`})::text`);
  const rows = `select json_build_object(${members.join(', ')})::text as row from ${from} t`;
  return `${rows} where ${where ?? 't.tenant_id = $1'} order by ${order}`;
}

/** Chunks of whole lines, about a quarter of a mebibyte each. Rows are fetched as the chunks are taken. */
export async function* chunksOf(
  client: UnfencedClient,
  table: CarriedTable,
  tenantId: string,
): AsyncGenerator<{ lines: Buffer; rows: number }, void> {
  await client.query(`declare tenant_rows no scroll cursor for ${rowsOf(table)}`, [tenantId]);
  let atOnce = 20;
  for (;;) {
    const rows = await client.query<{ row: string }>(`fetch forward ${atOnce} from tenant_rows`);
    if (rows.length === 0) break;
    const lines = Buffer.from(rows.map(({ row }) => `${row}\n`).join(''));
    const fit = Math.floor((atOnce * CHUNK_BYTES) / lines.byteLength);
    yield { lines, rows: rows.length };
    atOnce = Math.max(1, Math.min(ROWS_AT_MOST, fit, atOnce * 4));
  }
  await client.query('close tenant_rows');
}
