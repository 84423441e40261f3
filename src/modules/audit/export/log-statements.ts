import { EMPTY_ROOT } from '../proof/merkle.js';
import { type Query, signingKeysOf } from '../proof/signing-keys.js';
import type { ExportHead } from './export-lines.js';
import type { ExportBatch } from './log-export.js';

/*
 * The statements of an export. They name the log, since the service role reads them as well, which no fence binds; behind
 * the fence that changes nothing. `offset 0` keeps a look-up by key a look-up: the tables have no statistics.
 */

const LATEST = 'select c.size, c.root from app.audit_checkpoints c where c.tenant_id = $1 order by c.size desc limit 1';

const ROWS = `
  select f.seq, f.hash, f.entry_id as "entryId", l.document
    from app.audit_leaves f
    left join lateral (
      select app.audit_document(l) as document from app.audit_log l
       where l.tenant_id = $1 and l.id = f.entry_id
         and l.at between uuid_extract_timestamp(f.entry_id) - interval '1 minute' and uuid_extract_timestamp(f.entry_id) + interval '1 minute'
       offset 0) l on true
   where f.tenant_id = $1 and f.seq >= $2 and f.seq < $3 order by f.seq`;

const LEAVES = 'array(select f.entry_id from app.audit_leaves f where f.tenant_id = $1 and f.seq >= $2 and f.seq < $3)';

const OPENINGS = {
  caller: `select o.entry_id as "entryId", o.commitment, o.nonce, o.value from app.audit_openings(${LEAVES}) o`,
  service: `select o.entry_id as "entryId", o.commitment, o.nonce, o.value from app.audit_openings_of($1, ${LEAVES}) o`,
};

const CHECKPOINT = `
  select c.size, c.note from app.audit_checkpoints c
   where c.tenant_id = $1 and c.size > $2 and c.size <= $3 order by c.size desc limit 1`;

const KEPT_FROM = 'select coalesce(extract(epoch from app.audit_kept_from($1)), 0) * 1000 as ms';

/** Up to where the export of a log goes now, and which keys have signed it. */
export async function headOf(query: Query, tenantId: string): Promise<ExportHead> {
  const [[latest], keys] = await Promise.all([
    query<{ size: string; root: Buffer }>(LATEST, [tenantId]),
    signingKeysOf(query, tenantId),
  ]);
  return { tenantId, size: Number(latest?.size ?? 0), root: latest?.root ?? EMPTY_ROOT, keys };
}

/** One read of an export: four statements that wait for nothing in between. */
export async function batchOf(
  query: Query,
  as: keyof typeof OPENINGS,
  tenantId: string,
  range: [from: number, to: number],
): Promise<ExportBatch> {
  const values = [tenantId, ...range];
  const [rows, openings, [checkpoint], [kept]] = await Promise.all([
    query<Omit<ExportBatch['rows'][number], 'seq'> & { seq: string }>(ROWS, values),
    query<ExportBatch['openings'][number]>(OPENINGS[as], values),
    query<{ size: string; note: string }>(CHECKPOINT, values),
    query<{ ms: string }>(KEPT_FROM, [tenantId]),
  ]);
  return {
    rows: rows.map((row) => ({ ...row, seq: Number(row.seq) })),
    openings,
    ...(checkpoint ? { checkpoint: { ...checkpoint, size: Number(checkpoint.size) } } : {}),
    keptFrom: Number(kept?.ms ?? 0),
  };
}
