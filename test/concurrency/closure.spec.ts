import { describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { useDatabase } from '../support/database.js';
import { LEADS_RIGHTS } from '../support/role-cast.js';
import { attempt, plantActor, plantRole, readRoleGraph, recompute, type RoleGraph } from '../support/role-graph.js';
import type { Tenant } from '../support/world.js';

/*
 * What is derived (role_closure, auth.role_rights) against what it is derived from, after many random changes by several
 * people at once. SCALE multiplies the number of changes; SEED repeats a run's choices, though not its interleaving.
 */

const { db } = useDatabase();
const { a, b } = db.world;
const SCALE = Number(process.env['SCALE'] ?? 1);
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31));
const EDITS = Math.round(300 * SCALE);
const ROLES_AT_MOST = 40;
const REFUSALS = ['RF003', 'RF005', 'RF006', 'RF007', 'RF009', 'RF010', 'RF011', 'RF016', 'P0002'];

/** mulberry32: small, and the same everywhere. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface Choice {
  kind: string;
  text: string;
  values: unknown[];
}

/** Draws changes: of roles that are known, some of which are gone by then. */
class Changes {
  private made = 0;

  constructor(
    private readonly next: (below: number) => number,
    private readonly known: readonly string[],
    private readonly codes: readonly string[],
    private readonly spared: readonly string[] = [],
  ) {}

  draw(who: string): Choice {
    const die = this.next(10);
    if (die < 3 && new Set(this.known).size < ROLES_AT_MOST) {
      const slug = `${who}-${(this.made += 1)}`;
      return {
        kind: 'create',
        text: 'select app.create_role($1, $1, $2, $3) as id',
        values: [slug, this.some(this.codes, 4), this.some(this.known, 3)],
      };
    }
    const targets = this.known.filter((id) => !this.spared.includes(id));
    const role = targets[this.next(targets.length)];
    if (die < 5)
      return {
        kind: 'permissions',
        text: 'select app.set_role_permissions($1, $2, null)',
        values: [role, this.some(this.codes, 5)],
      };
    if (die < 9)
      return {
        kind: 'parents',
        text: 'select app.set_role_parents($1, $2, null)',
        values: [role, this.some(this.known, 3)],
      };
    return { kind: 'delete', text: 'select app.delete_role($1, null)', values: [role] };
  }

  private some<T>(from: readonly T[], atMost: number): T[] {
    return Array.from({ length: this.next(atMost + 1) }, () => from[this.next(from.length)] as T);
  }
}

interface Worker {
  tenant: Tenant;
  actor: { cap: string; roleId: string };
  /** begins the slugs of what they make */
  name: string;
  seed: number;
  edits: number;
  spared?: string[];
}

/** One person on one connection, change after change, mostly within reach. @returns how often each kind had which outcome */
async function work({ tenant, actor, name, seed, edits, spared }: Worker): Promise<Map<string, number>> {
  const client = await db.as('app');
  const [roles, codes]: [string[], string[]] = [[], []];
  const changes = new Changes(numbers(seed), roles, codes, spared);
  const counts = new Map<string, number>();
  for (let n = 0; n < edits; n += 1) {
    if (n % 10 === 0) {
      const graph = await readRoleGraph(db, tenant);
      const { subordinates, permissions } = graph.rights[actor.roleId]!;
      const within = [actor.roleId, ...subordinates];
      roles.splice(0, roles.length, ...graph.roles, ...within, ...within, ...within);
      codes.splice(0, codes.length, ...graph.catalogue, ...Array.from({ length: 6 }, () => permissions).flat());
    }
    const { kind, text, values } = changes.draw(name);
    const key = `${kind} ${await attempt(client, actor.cap, text, values)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const sum = (all: Map<string, number>[]): Map<string, number> => {
  const total = new Map<string, number>();
  for (const counts of all) for (const [key, count] of counts) total.set(key, (total.get(key) ?? 0) + count);
  return total;
};

const successes = (counts: Map<string, number>): number =>
  [...counts].reduce((n, [key, count]) => (key.endsWith(' done') ? n + count : n), 0);

const derived = ({ closure, rights }: RoleGraph): Pick<RoleGraph, 'closure' | 'rights'> => ({ closure, rights });

/** Far more than it takes, and no more than a hung run may cost. */
const PATIENCE_MS = 30_000 + EDITS * 200;

describe(`closure and rights after ${EDITS} changes at once`, () => {
  const test = async (): Promise<void> => {
    console.log(`closure.spec: SEED=${SEED} SCALE=${SCALE}`);
    const lead = await plantRole(db, a, [...LEADS_RIGHTS, 'deal:create'], [a.roles.admin]);
    await plantRole(db, a, [], [lead]);
    const untouched = await readRoleGraph(db, b);
    const next = numbers(SEED);
    const people = await Promise.all(
      [a.roles.owner, a.roles.owner, a.roles.admin, lead].map((id) => plantActor(db, a, id)),
    );
    const edits = Math.ceil(EDITS / people.length);
    const spared = [lead, a.roles.admin]; // so that all four have something to do until the end
    const workers = people.map((actor, n) => ({ tenant: a, actor, name: `p${n}`, seed: next(2 ** 31), edits, spared }));
    const all = await Promise.all(workers.map(work));
    for (const counts of all) expect(successes(counts)).toBeGreaterThan(edits / 50);
    const counts = sum(all);
    const odd = [...counts.keys()].filter((key) => !['done', ...REFUSALS].includes(key.split(' ')[1] as string));
    expect(odd).toEqual([]);
    for (const what of ['create done', 'permissions done', 'parents done', 'delete done', 'parents RF003'])
      expect([what, (counts.get(what) ?? 0) > 0]).toEqual([what, true]);

    const graph = await readRoleGraph(db, a);
    expect(derived(graph)).toEqual(recompute(graph));
    const below = new Set(graph.edges.map(([, child]) => child));
    expect(graph.roles.filter((role) => !below.has(role))).toEqual(graph.roots); // nobody is lost, and nothing above the root
    const closed = new Set(graph.closure.map((pair) => pair.join()));
    expect(graph.closure.filter(([x, y]) => closed.has([y, x].join()))).toEqual([]);
    expect(await readRoleGraph(db, b)).toEqual(untouched);
  };
  it(`equal what a naive recomputation says (SEED=${SEED})`, test, PATIENCE_MS);
});

describe('whatever a lead does', () => {
  const test = async (): Promise<void> => {
    const rights = [...LEADS_RIGHTS, 'deal:create'];
    const lead = await plantRole(db, b, rights, [b.roles.admin]);
    const beside = await plantRole(db, b, ['deal:delete'], [b.roles.admin]);
    await plantRole(db, b, [], [lead]);
    await plantRole(db, b, [], [lead, beside]);
    const actor = await plantActor(db, b, lead);
    const before = await readRoleGraph(db, b);
    const edits = Math.ceil(EDITS / 3);
    expect(successes(await work({ tenant: b, actor, name: 'lead', seed: SEED, edits }))).toBeGreaterThan(edits / 50);

    const after = await readRoleGraph(db, b);
    for (const [role, { permissions }] of Object.entries(after.rights)) {
      const gained = permissions.filter((code) => !before.rights[role]?.permissions.includes(code));
      expect([role, gained.filter((code) => !rights.includes(code))]).toEqual([role, []]);
    }
    const reach = new Set(before.rights[lead]!.subordinates);
    const outside = before.roles.filter((role) => !reach.has(role));
    const own = (graph: RoleGraph): unknown => [
      graph.permissions.filter(([role]) => outside.includes(role)),
      graph.edges.filter(([, child]) => outside.includes(child)),
    ];
    expect(own(after)).toEqual(own(before));
    expect(after.rights[lead]!.permissions).toEqual(before.rights[lead]!.permissions);
    expect(after.roles).toEqual(expect.arrayContaining(outside));
    expect(derived(after)).toEqual(recompute(after));
    const mine = 'select role_id from app.memberships where tenant_id = $1 and user_id = $2';
    expect(await db.look(mine, [b.id, actor.person.id])).toEqual([{ role_id: lead }]);
  };
  it(`nobody holds what the lead did not, and nothing out of reach changes (SEED=${SEED})`, test, PATIENCE_MS);
});
