import { readFileSync } from 'node:fs';
import '../../src/resource-modules.js'; // declares the kinds of records
import { type Resource, resources } from '../../src/resource/index.js';
import { shownBody } from './examples.js';
import { grantTo } from './grant.js';
import type { Ready, Stage } from './recipe.js';

type Json = Record<string, any>;
type Place = { path: string; operation: Json };

const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as Json;
const places: Place[] = Object.entries<Json>(document['paths']).flatMap(([path, item]) =>
  Object.values<Json>(item).map((operation) => ({ path, operation })),
);
/** The operation that leaves this action in the log. */
const doing = (action: string): Place | undefined =>
  places.find(({ operation }) => operation['x-audit-action'] === action);

const snake = (name: string): string => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
const parametersOf = ({ path }: Place): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** The kind of record that a column names, by its foreign key. */
async function kindOf({ db }: Stage, table: string, column: string): Promise<Resource | undefined> {
  const [row] = await db.look<{ target: string }>(
    `select concat(c.relnamespace::regnamespace, '.', c.relname) as target
       from pg_constraint f join pg_class c on c.oid = f.confrelid join pg_attribute a on a.attrelid = f.conrelid and a.attnum = any (f.conkey)
      where f.conrelid = $1::regclass and f.contype = 'f' and a.attname = $2 and a.attname <> 'tenant_id'`,
    [table, column],
  );
  return resources().find((one) => one.table === row?.target);
}

/** A body as the document shows it, and records of one's own where it names some. */
async function bodyOf(stage: Stage, { table }: Resource, place: Place): Promise<Json> {
  const body: Json = { ...shownBody(place.operation) };
  for (const field of Object.keys(body)) {
    const kind = field.endsWith('Id') ? await kindOf(stage, table, snake(field)) : undefined;
    if (kind) body[field] = (await madeOf(stage, kind)).id;
  }
  // what is unique shall be it
  for (const [field, value] of Object.entries(body))
    if (!field.endsWith('Id') && (await isUnique(stage, table, snake(field)))) body[field] = another(value);
  return body;
}

async function isUnique({ db }: Stage, table: string, column: string): Promise<boolean> {
  const rows = await db.look(
    `select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indrelid = $1::regclass and i.indisunique and not i.indisprimary and a.attname = $2`,
    [table, column],
  );
  return rows.length > 0;
}

let made = 0;
const another = (value: unknown): unknown => {
  made += 1;
  if (typeof value !== 'string') return Number(value) + made;
  if (value.includes('@')) return value.replace('@', `.${made}@`);
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return new Date(Date.parse(value) + made * 1_000).toISOString();
  return /^\d{4}-\d\d-\d\d$/.test(value) ? `2${String(made).padStart(3, '0')}-01-01` : `${value}${made}`;
};

const owner = async ({ app, db }: Stage): Promise<string> =>
  (await grantTo(app, db, db.world.a.users.owner.id, { aal: 2, tenant: db.world.a.id })).accessToken;

/** A record of the kind, made over HTTP by the owner of the first tenant. */
async function madeOf(stage: Stage, kind: Resource): Promise<{ id: string; path: Record<string, string> }> {
  const { place, path, body, token } = await creation(stage, kind);
  const answer = await stage.app.call('POST', filled(place.path, path), { token, body });
  if (answer.status !== 201) throw new Error(`making a ${kind.name}: ${answer.status} ${answer.text}`);
  return { id: answer.body.id, path };
}

async function creation(
  stage: Stage,
  kind: Resource,
): Promise<{ place: Place; path: Record<string, string>; body: Json; token: string }> {
  const place = doing(`${kind.name}.created`);
  if (!place) throw new Error(`no operation makes a ${kind.name}: run \`npm run openapi\``);
  const path: Record<string, string> = {};
  for (const name of parametersOf(place)) {
    const parent = await kindOf(stage, kind.table, snake(name));
    if (!parent) throw new Error(`${place.path}: {${name}} names no kind of record`);
    path[name] = (await madeOf(stage, parent)).id;
  }
  return { place, path, body: await bodyOf(stage, kind, place), token: await owner(stage) };
}

const filled = (path: string, values: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** A record of the kind, and a call about it. */
async function about(stage: Stage, kind: Resource, body?: (place: Place) => unknown, verb = ''): Promise<Ready> {
  const { id, path } = await madeOf(stage, kind);
  const place = doing(`${kind.name}.${verb}`);
  return {
    path: { ...path, id },
    call: { token: await owner(stage), body: place && body?.(place), headers: { 'If-Match': '*' } },
    logs: [stage.db.world.a.id],
  };
}

const changes: Record<string, (stage: Stage, kind: Resource) => Promise<Ready>> = {
  created: async (stage, kind) => {
    const { path, body, token } = await creation(stage, kind);
    return { path, call: { token, body }, logs: [stage.db.world.a.id] };
  },
  updated: (stage, kind) => about(stage, kind, ({ operation }) => changing(operation), 'updated'),
  deleted: (stage, kind) => about(stage, kind, undefined, 'deleted'),
  transferred: (stage, kind) =>
    about(stage, kind, () => ({ ownerId: stage.db.world.a.users.member.id }), 'transferred'),
};

/** One field of what the document shows as a change, which names no other record. */
function changing(operation: Json): Json {
  const [field, value] = Object.entries(shownBody(operation) ?? {}).find(([name]) => !name.endsWith('Id')) ?? [];
  if (!field) throw new Error(`${operation['operationId']} shows no change`);
  return { [field]: typeof value === 'string' && value.includes(' ') ? `${value}!` : value };
}

/** Valid calls of what changes records, for every kind that is declared, by operationId. */
export function recordRecipes(): Record<string, (stage: Stage) => Promise<Ready>> {
  return Object.fromEntries(
    resources().flatMap((kind) =>
      Object.entries(changes).flatMap(([verb, make]) => {
        const place = doing(`${kind.name}.${verb}`);
        return place ? [[place.operation['operationId'], (stage: Stage) => make(stage, kind)]] : [];
      }),
    ),
  );
}
