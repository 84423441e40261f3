/** Runs a statement in a transaction of the caller's. */
export type Query = <Row extends object>(text: string, values: unknown[]) => Promise<Row[]>;

// one look-up a key
const SIGNING_KEYS = `
  with recursive k (key) as (
    select min(c.verifier_key) from app.audit_checkpoints c where c.tenant_id = $1
    union all
    select (select min(c.verifier_key) from app.audit_checkpoints c where c.tenant_id = $1 and c.verifier_key > k.key)
      from k where k.key is not null)
  select key from k where key is not null`;

/**
 * Verifier keys of those that have signed a log, in the order of their text. It names the log, since the service role asks
 * as well, which no fence binds; behind the fence that changes nothing.
 */
export const signingKeysOf = async (query: Query, tenantId: string): Promise<string[]> =>
  (await query<{ key: string }>(SIGNING_KEYS, [tenantId])).map(({ key }) => key);
