import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { plantCapability } from '../support/acting.js';
import { isTenantTable, type Relation, tenantColumnOf } from '../support/catalogue.js';
import { useDatabase } from '../support/database.js';
import { fingerprintOf } from '../support/fingerprint.js';
import { newcomer } from '../support/people.js';
import { NOT_A_TENANTS } from '../support/plant-overrides.js';
import { Planter } from '../support/plant-row.js';
import {
  allowed,
  attempt,
  type Attempt,
  changing,
  pointing,
  reading,
  type Situation,
  unreachable,
  writing,
} from './attacks.js';

/*
 * Every table of the live catalogue, attacked in every situation by SQL as ringfence_app, with no guard anywhere near. No
 * table is listed: rows are planted by what the catalogue says, and a table that cannot be attacked fails.
 */

const { db } = useDatabase();
const { a, b } = db.world;
let admin: Client;
let planter: Planter;
let tables: Relation[];
const situations: Situation[] = [];
let before: Situation;

/** In which a capability that was good is good no more. */
const SINCE: Record<string, (sessionId: string, userId: string) => string> = {
  'the member was removed': (_, user) => `delete from app.memberships where user_id = '${user}'`,
  'the membership was suspended': (_, user) => `update app.memberships set status = 'suspended' where user_id = '${user}'`,
  'the tenant was suspended': () => `update app.tenants set status = 'suspended' where id = '${a.id}'`,
  'the session ended': (session) => `delete from auth.sessions where id = '${session}'`,
  'the capability expired': (session) => `update auth.capabilities set expires_at = now() - interval '1 second' where session_id = '${session}'`,
  'the account was disabled': (_, user) => `update auth.users set status = 'disabled' where id = '${user}'`,
  'the tenant demands AAL2 by now': () => `update app.tenants set min_aal = 2 where id = '${a.id}'`,
}; // prettier-ignore

beforeAll(async () => {
  admin = await db.as('admin');
  planter = await Planter.of(admin);
  tables = [...planter.relations.values()].filter(({ schema }) => schema === 'app');
  for (const table of tables.filter(isTenantTable)) for (const { id } of [a, b]) await planter.ensure(table.name, id);
  const live = await plantCapability(db, a, a.users.owner, 2);
  situations.push({ what: 'another tenant', cap: live.cap, own: a.id, victims: [b.id] });
  const out = (what: string, cap?: string, since?: string): void => {
    situations.push({
      what,
      victims: [a.id, b.id],
      ...(cap === undefined ? {} : { cap }),
      ...(since ? { since } : {}),
    });
  };
  for (const role of ['ringfence_owner', 'ringfence_auth'])
    situations.push({ what: role, role, victims: [a.id, b.id] });
  out('no context');
  out('an empty context', '');
  out('a guessed context', randomBytes(32).toString('base64url'));
  const person = await newcomer(db, [a, 'owner']);
  const { cap, sessionId } = await plantCapability(db, a, person, 1);
  before = { what: 'before', cap, own: a.id, victims: [b.id] };
  for (const [what, since] of Object.entries(SINCE)) out(what, cap, since(sessionId, person.id));
}, 120_000);

const bsRows = (): Promise<unknown> => fingerprintOf(admin, planter.relations.values(), b.id);

const attemptsAt = async (table: Relation, situation: Situation): Promise<Attempt[]> =>
  table.kind === 'v' || table.kind === 'm'
    ? reading(table, situation)
    : [
        ...reading(table, situation),
        ...changing(table, situation),
        ...(await writing(planter, table, situation)),
        ...(await pointing(planter, table, situation)),
      ];

describe('every table of app', () => {
  it('says whose its rows are, or why they are nobody’s', () => {
    const unknown = tables.filter((table) => !tenantColumnOf(table)).map(({ name }) => name);
    expect(unknown.filter((name) => !NOT_A_TENANTS[name])).toEqual([]);
    expect(Object.keys(NOT_A_TENANTS).filter((name) => !planter.relations.has(name))).toEqual([]);
    expect(tables.length).toBeGreaterThan(20);
  });

  it('has rows in both tenants, and lets who is in do what it grants', async () => {
    const faults: string[] = [];
    const { rows } = await admin.query<{ name: string }>(
      `select distinct concat(schemaname, '.', tablename) as name from pg_policies where policyname like 'aal2\\_%'`,
    );
    const demanding = new Set(rows.map(({ name }) => name)); // a second factor for each change
    for (const table of tables.filter(isTenantTable)) {
      for (const { id } of [a, b])
        if (!(await planter.found(table, id))) faults.push(`${table.name} has no row of ${id}`);
      const attempts = await allowed(planter, table, a.id);
      faults.push(...(await attempt(admin, situations[0]!, attempts, bsRows)));
      const atAal1 = demanding.has(table.name) ? attempts.filter(({ sql }) => sql.startsWith('select')) : attempts;
      faults.push(...(await attempt(admin, before, atAal1, bsRows)));
    }
    expect(faults).toEqual([]);
  });

  it('shows and gives nothing of a tenant to whoever is not in it', async () => {
    const faults: string[] = [];
    // a transaction for each table: what is open for long holds up the sealers of other specs
    for (const situation of situations)
      for (const table of tables.filter((one) => tenantColumnOf(one)))
        faults.push(...(await attempt(admin, situation, await attemptsAt(table, situation), bsRows)));
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('every table elsewhere', () => {
  it('is out of reach, but for reading what is nobody’s', async () => {
    const elsewhere = [...planter.relations.values()].filter((one) => one.schema !== 'app' || !tenantColumnOf(one));
    expect(elsewhere.filter(({ schema }) => schema === 'auth').length).toBeGreaterThan(15);
    const attempts = elsewhere.flatMap((one) =>
      unreachable(one).filter(({ sql }) => !NOT_A_TENANTS[one.name] || !sql.startsWith('select')),
    );
    expect(await attempt(admin, situations[0]!, attempts, bsRows)).toEqual([]);
  });
});
