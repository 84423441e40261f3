import { appendFile } from 'node:fs/promises';
import pg from 'pg';

/** Asks a spec's database, before it goes, what was reached in it. */
export async function look(url: string): Promise<void> {
  const { REACHED, REACHED_BY } = process.env;
  if (!REACHED) return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `select sequencename::text as name from pg_sequences where schemaname = 'mutation' and last_value is not null`,
  );
  await client.end();
  for (const { name } of rows) await appendFile(REACHED, `${name.replace(/\D/g, '')} ${REACHED_BY}\n`);
}
