import type { UnfencedClient } from '../../../database/service-client.js';
import { carriedTables } from './catalogue.js';

export interface Removed {
  name: string;
  rows: number;
}

/** What went, and what of people. */
export interface ErasedRows {
  tables: Removed[];
  people: { erased: number; kept: number };
}

/** Tables that go with another one, by their foreign keys: they are counted before. */
const WITH_OTHERS = [
  'app.role_closure',
  'auth.sessions',
  'auth.capabilities',
  'app.webhook_deliveries',
  'auth.webhook_secrets',
];
/** What does not travel, and goes all the same. */
const LEFT = ['app.jobs', 'app.api_keys', 'app.idempotency_keys', 'app.webhooks', 'app.webhook_messages'];

const count = async (client: UnfencedClient, statement: string, values: unknown[]): Promise<number> => {
  const [row] = await client.query<{ n: string }>(statement, values);
  return Number(row?.n ?? 0);
};

export const countOf = (client: UnfencedClient, table: string, tenantId: string): Promise<number> =>
  count(client, `select count(*) as n from ${table} where tenant_id = $1`, [tenantId]);

const remove = (client: UnfencedClient, table: string, where: string, values: unknown[]): Promise<number> =>
  count(
    client,
    `with gone as (delete from ${table} where ${where} returning 1) select count(*) as n from gone`,
    values,
  );

/** Deletes what a tenant has, within the transaction of its erasure. The log stays (docs/adr/0020), without its keys. */
export async function eraseRows(client: UnfencedClient, tenantId: string): Promise<ErasedRows> {
  const members = await client.query<{ id: string }>('select user_id as id from app.memberships where tenant_id = $1', [
    tenantId,
  ]);
  const invited = await client.query<{ email: string }>('select email from app.invitations where tenant_id = $1', [
    tenantId,
  ]);
  const tables: Removed[] = [];
  for (const name of WITH_OTHERS) tables.push({ name, rows: await countOf(client, name, tenantId) });
  const own = carriedTables()
    .filter(({ kind }) => kind === 'own')
    .map(({ name }) => name);
  for (const name of [...LEFT, ...own.reverse()]) {
    const key = name === 'app.tenants' ? 'id' : 'tenant_id';
    tables.push({ name, rows: await remove(client, name, `${key} = $1`, [tenantId]) });
  }
  // the objects went with the tenant's
  const exports = `tenant_id = $1 and op = 'export'`;
  tables.push({
    name: 'auth.tenant_archives',
    rows: await remove(client, 'auth.tenant_archives', exports, [tenantId]),
  });
  const people = members.map(({ id }) => id);
  const erased = await erasePeople(client, people);
  tables.push({ name: 'auth.users', rows: erased.length });
  tables.push({ name: 'auth.mail_outbox', rows: await eraseMails(client, erased, invited) });
  const ids = erased.map(({ id }) => id);
  const secrets = await client.query<{ name: string; rows: string }>(
    'select s.what as name, s.row_count as rows from app.erase_tenant_secrets($1, $2) s',
    [tenantId, ids],
  );
  tables.push(...secrets.map(({ name, rows }) => ({ name, rows: Number(rows) })));
  return { tables, people: { erased: erased.length, kept: people.length - erased.length } };
}

interface Person {
  id: string;
  email: string;
}

/** Accounts that nothing else here needs: no other tenant, no job or key in one, and no operator's. Their factors and sessions go along. */
const erasePeople = (client: UnfencedClient, people: string[]): Promise<Person[]> =>
  client.query<Person>(
    `delete from auth.users u where u.id = any ($1)
        and not exists (select from app.memberships m where m.user_id = u.id)
        and not exists (select from auth.operators o where o.user_id = u.id)
        and not exists (select from app.jobs j where j.actor_id = u.id)
        and not exists (select from app.api_keys k where u.id in (k.user_id, k.created_by)) returning u.id, u.email`,
    [people],
  );

/** To those who went, and to those who were invited and are nobody here. */
const eraseMails = (client: UnfencedClient, gone: Person[], invited: { email: string }[]): Promise<number> =>
  remove(
    client,
    'auth.mail_outbox',
    `recipient = any ($1) or recipient = any ($2)
        and not exists (select from auth.users u where u.email = recipient)
        and not exists (select from app.invitations i where i.email = recipient)`,
    [gone.map(({ email }) => email), invited.map(({ email }) => email)],
  );
