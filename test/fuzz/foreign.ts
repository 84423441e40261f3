import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/call.js';
import type { TestDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { plantInvitation, somebodyNew } from '../support/invitations.js';
import { newcomer } from '../support/people.js';
import { told } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';
import { type Base, broken, type Case, queryWith } from './cases.js';
import type { Stage } from './cast.js';

/** Ids of another tenant's records, by what they are. */
export type ForeignIds = Readonly<Record<string, string>>;

/** Two requests: with the id of nothing, then with the foreign one. */
export interface ForeignCase {
  kind: string;
  what: string;
  variants: [none: Case, foreign: Case];
  ids: [none: string, foreign: string];
}

/** Tables whose rows have a tenant and an id. */
const TABLES = [
  'deals',
  'roles',
  'files',
  'invitations',
  'jobs',
  'audit_log',
  'api_keys',
  'webhook_endpoints',
  'webhook_deliveries',
];

/** Plants what tenant b does not have yet, and collects an id of each kind. */
export async function foreignIdsOf({ app, db }: Stage): Promise<ForeignIds> {
  const { b } = db.world;
  const person = await newcomer(db, [b, 'member']);
  const tokens = await grantTo(app, db, person.id, { tenant: b.id, aal: 2 });
  await plantInvitation(db, b, somebodyNew());
  await app.call('POST', '/v1/files', {
    token: (await grantTo(app, db, b.users.owner.id, { tenant: b.id })).accessToken,
    body: {
      name: 'x.txt',
      resourceType: 'deal',
      resourceId: b.deals['owner-public'],
      contentType: 'text/plain',
      size: 1,
      sha256: '0'.repeat(64),
    },
  });
  const factor = await app.call('POST', '/v1/auth/mfa/totp', { token: tokens.accessToken, body: { name: 'Phone' } });
  const ids: Record<string, string> = {
    users: person.id,
    sessions: sessionIdOf(tokens),
    factors: factor.body.id,
    tenants: b.id,
  };
  for (const table of TABLES) {
    const id = await firstId(db, table);
    if (id) ids[table] = id;
  }
  return ids;
}

async function firstId(db: TestDatabase, table: string): Promise<string | undefined> {
  const [there] = await db.look<{ name: string | null }>('select to_regclass($1)::text as name', [`app.${table}`]);
  if (!there?.name) return undefined;
  const [row] = await db
    .look<{ id: string }>(`select id from app.${table} where tenant_id = $1 limit 1`, [db.world.b.id])
    .catch(() => []);
  return row?.id;
}

/** Each id that the request carries, replaced by another tenant's. Operators see every tenant, so not theirs. */
export function foreignCases(base: Base, ids: ForeignIds): ForeignCase[] {
  const { operation } = base;
  if (operation.access === 'operator' || operation.access === 'public') return [];
  const places = operation.parameters.filter(({ schema }) => schema.format === 'uuid');
  const fields = Object.entries(operation.body?.properties ?? {}).filter(
    ([, { format, items }]) => format === 'uuid' || items?.format === 'uuid',
  );
  const pair = (place: string, of: string, change: (id: string) => Parameters<typeof broken>[2]): ForeignCase => {
    const known = ids[of] as string;
    const none = randomUUID();
    const one = (what: string, id: string): Case => broken('foreign', `${place}: ${what}`, change(id));
    return {
      kind: 'foreign id',
      what: `${place}: an id of ${of}`,
      ids: [none, known],
      variants: [one('of nothing', none), one(`of another tenant's ${of}`, known)],
    };
  };
  return Object.keys(ids).flatMap((of) => [
    ...places
      .filter((one) => one.in === 'path')
      .map(({ name }) => pair(name, of, (id) => () => ({ path: { [name]: id } }))),
    ...places
      .filter((one) => one.in === 'query')
      .map(({ name }) => pair(name, of, (id) => (given) => ({ query: queryWith(given, `${name}=${id}`, name) }))),
    ...fields.map(([name, { items }]) =>
      pair(name, of, (id) => ({ body = {} }) => ({ body: JSON.stringify({ ...body, [name]: items ? [id] : id }) })),
    ),
  ]);
}

/** @returns what the two answers can be told apart by, if anything */
export function foreignFault({ ids }: ForeignCase, [none, foreign]: Answer[]): string | undefined {
  const [one, other] = [spoken(none!, ids[0]), spoken(foreign!, ids[1])];
  return one === other ? undefined : `another tenant's id is told from none:\n    ${one}\n    ${other}`;
}

function spoken(answer: Answer, id: string): string {
  if (answer.status < 400) return String(answer.status);
  const text = JSON.stringify(told({ ...answer, body: answer.body ?? {} }), (name, value: unknown) =>
    name === 'headers' ? (value as [string, string][]).filter(([one]) => !/^(ratelimit|retry-after)/.test(one)) : value,
  );
  return text.replaceAll(id, '<id>');
}
