import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, DatabaseError } from 'pg';
import { isTenantTable, type Relation, tenantColumnOf } from '../support/catalogue.js';
import { useDatabase } from '../support/database.js';
import { Planter } from '../support/plant-row.js';
import type { Row } from '../support/plant-values.js';

/*
 * What triggers do to every row of a tenant, whoever writes it, a superuser too: its tenant stays, no table is emptied, each
 * change is written down, and counts. Tables are listed with a change that is worth writing down; kinds of records are not.
 */

const { db } = useDatabase();
const { a, b } = db.world;

interface Audited {
  /** what its changes are called in the log */
  type: string;
  /** a change */
  set: string;
  /** by what an entry is known to be of this table, where several have one name */
  only?: string;
  /** what goes before a row can go */
  first?: string;
}

const shows = (name: string): string => `and coalesce(after, before) ? '${name}'`;

/** By table. */
const AUDITED: Record<string, Audited> = {
  'app.api_keys': { type: 'api_key', set: `name = 'Other'` },
  'app.file_versions': { type: 'file', set: `status = 'quarantined'`, only: shows('status') },
  'app.files': { type: 'file', set: `name = 'other.txt'`, only: shows('name'), first: 'delete from app.file_versions' },
  'app.invitations': { type: 'invitation', set: `metadata = '{"other": 1}'` },
  'app.memberships': { type: 'member', set: `status = 'suspended'`, only: shows('status') },
  'app.profiles': { type: 'member', set: `full_name = 'Other'`, only: 'and personal is not null' },
  'app.role_edges': { type: 'role', set: `parent_id = (select id from app.roles r where r.tenant_id = role_edges.tenant_id and r.slug = 'admin')`, only: shows('parents') }, // prettier-ignore
  'app.role_permissions': { type: 'role', set: `permission = 'tenant:update'`, only: shows('permissions') },
  'app.roles': { type: 'role', set: `name = 'Other'`, only: shows('name') },
  'app.tenants': { type: 'tenant', set: `name = 'Other'` },
  'app.webhooks': { type: 'webhook', set: `description = 'Other'` },
};
/** Nothing is ever changed here. */
const WRITTEN_DOWN = ['audit_changes', 'audit_checkpoints', 'audit_leaves', 'audit_log', 'audit_nodes'].map(
  (name) => `app.${name}`,
);
/** A kind of record: a column that is somebody's words, by the names that ours have. */
const WORDS = /^(title|name|body)$/;
const STAYS = 'RF001';
const IS_WRITTEN = 'RF026';

let admin: Client;
let planter: Planter;
let tables: Relation[];

beforeAll(async () => {
  admin = await db.as('admin');
  planter = await Planter.of(admin);
  tables = [...planter.relations.values()].filter(isTenantTable);
  for (const { name } of tables) await planter.ensure(name, a.id);
  const { rows } = await admin.query<{ type: string; name: string }>(
    'select resource as type, relation::text as name from auth.resources',
  );
  for (const { type, name } of rows) {
    const words = planter.relations.get(name)?.columns.find((column) => WORDS.test(column.name));
    if (words) AUDITED[name] = { type, set: `"${words.name}" = 'Other'` };
  }
}, 60_000);

/** @returns SQLSTATE, or `done` and what the last statement answered; taken back */
async function tried(...statements: string[]): Promise<{ code: string; rows: Row[] }> {
  await admin.query('begin; set constraints all immediate');
  try {
    const results = await admin.query<Row>(statements.join('; '));
    return { code: 'done', rows: ([results].flat().at(-1) as { rows: Row[] }).rows };
  } catch (error) {
    return { code: (error as DatabaseError).code ?? String(error), rows: [] };
  } finally {
    await admin.query('rollback');
  }
}

const written = ({ type, only = '' }: Audited, op: string): string =>
  `select count(*)::integer as n from app.audit_changes where type = '${type}' and op = '${op}' ${only}`;
const which = (row: Row): string =>
  Object.entries(row)
    .filter(([name, value]) => value !== null && /^(id|permission|\w+_id)$/.test(name))
    .map(([name, value]) => `"${name}" = '${value}'`)
    .join(' and ');

/** So that no other table goes with it, and speaks first. */
const unreferenced = (name: string): string =>
  `do $$ declare f record; begin
     for f in select conrelid::regclass as t, conname as n from pg_constraint where contype = 'f' and confrelid = '${name}'::regclass and conparentid = 0
     loop execute format('alter table %s drop constraint %I', f.t, f.n); end loop;
   end $$`;

describe('every table of tenants', () => {
  it('keeps a row in its tenant', async () => {
    const wrong: [string, string][] = [];
    for (const table of tables) {
      const key = tenantColumnOf(table) as string;
      // the root of the roles has rules of its own
      const row = await (table.name === 'app.roles'
        ? planter.plant(table.name, a.id)
        : planter.ensure(table.name, a.id));
      const { code } = await tried(`update ${table.name} set "${key}" = '${b.id}' where ${which(row)}`);
      if (code !== (WRITTEN_DOWN.includes(table.name) ? IS_WRITTEN : STAYS)) wrong.push([table.name, code]);
    }
    expect(wrong).toEqual([]);
  });
});

describe('every table whose changes are written down', () => {
  it('is never emptied, and what is written stays', async () => {
    const wrong: [string, string, string][] = [];
    for (const name of [...Object.keys(AUDITED), ...WRITTEN_DOWN]) {
      const { code } = await tried(unreferenced(name), `truncate ${name}`);
      if (code !== IS_WRITTEN) wrong.push([name, 'truncate', code]);
    }
    for (const name of WRITTEN_DOWN) {
      const { code } = await tried(`delete from ${name}`);
      if (code !== IS_WRITTEN) wrong.push([name, 'delete', code]);
    }
    expect(wrong).toEqual([]);
  });

  it.each(['insert', 'update', 'delete'] as const)('has each %s in the log', async (op) => {
    const wrong: unknown[] = [];
    for (const [name, audited] of Object.entries(AUDITED)) {
      const count = async (): Promise<number> =>
        (await admin.query<{ n: number }>(written(audited, op))).rows[0]?.n ?? 0;
      let before = await count();
      const row = await planter.plant(name, a.id);
      if (op !== 'insert') before = await count();
      const change = {
        insert: [],
        update: [`update ${name} set ${audited.set} where ${which(row)}`],
        delete: [...(audited.first ? [audited.first] : []), `delete from ${name} where ${which(row)}`],
      }[op];
      const { code, rows } = await tried(...change, written(audited, op));
      if (Number(rows[0]?.['n'] ?? 0) <= before) wrong.push([name, op, code, which(row)]);
    }
    expect(wrong).toEqual([]);
  });

  it('counts its versions', async () => {
    const counted = Object.keys(AUDITED).filter((name) =>
      planter.relations.get(name)?.columns.some((column) => column.name === 'version'),
    );
    expect(counted.length).toBeGreaterThan(8);
    for (const name of counted) {
      const row = await planter.plant(name, a.id);
      const { rows } = await tried(`update ${name} set ${AUDITED[name]?.set} where ${which(row)} returning version`);
      expect([name, rows]).toEqual([name, [{ version: Number(row['version']) + 1 }]]);
    }
  });
});
