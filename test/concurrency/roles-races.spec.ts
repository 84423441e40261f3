import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { type Deed, useRaces } from '../support/races.js';
import { LEADS_RIGHTS } from '../support/role-cast.js';
import { plantActor, plantRole } from '../support/role-graph.js';

const { db } = useDatabase();
const held = useApp(db);
const { a } = db.world;
const { race, raceByHand, sure } = useRaces(db);

const assign = (user: string, role: string): Deed => ['select app.assign_role($1, $2)', [user, role]];
const setParents = (role: string, parents: string[]): Deed => [
  'select app.set_role_parents($1, $2, null)',
  [role, parents],
];
const setPermissions = (role: string, list: string[]): Deed => [
  'select app.set_role_permissions($1, $2, null)',
  [role, list],
];
const remove = (role: string): Deed => ['select app.delete_role($1, null)', [role]];

describe('two edges that close a circle together', () => {
  it('the second is refused, in the functions', async () => {
    const cap = await sure(a, a.users.owner);
    const [x, y] = [await plantRole(db, a, [], [a.roles.admin]), await plantRole(db, a, [], [a.roles.admin])];
    const outcome = await race([cap, setParents(x, [y])], [cap, setParents(y, [x])]);
    expect(outcome).toEqual(['done', 'RF003']);
  });

  it('and by hand', async () => {
    const [x, y] = [await plantRole(db, a, [], [a.roles.admin]), await plantRole(db, a, [], [a.roles.admin])];
    const edge = (parent: string, child: string): Deed => [
      'insert into app.role_edges values ($1, $2, $3)',
      [a.id, parent, child],
    ];
    expect(await raceByHand(edge(x, y), edge(y, x))).toEqual(['done', 'RF003']);
  });

  it('also a circle over three, with another edge between', async () => {
    const cap = await sure(a, a.users.owner);
    const x = await plantRole(db, a, [], [a.roles.admin]);
    const y = await plantRole(db, a, [], [x]);
    const z = await plantRole(db, a, [], [a.roles.admin]);
    expect(await race([cap, setParents(z, [y])], [cap, setParents(x, [z])])).toEqual(['done', 'RF003']);
  });
});

describe('a role that goes while somebody gets it', () => {
  it('is gone for the one who comes second', async () => {
    const cap = await sure(a, a.users.owner);
    const [role, person] = [await plantRole(db, a, [], [a.roles.admin]), await newcomer(db, [a, 'viewer'])];
    expect(await race([cap, remove(role)], [cap, assign(person.id, role)])).toEqual(['done', 'RF016']);
  });

  it('is in use for the one who comes second', async () => {
    const cap = await sure(a, a.users.owner);
    const [role, person] = [await plantRole(db, a, [], [a.roles.admin]), await newcomer(db, [a, 'viewer'])];
    expect(await race([cap, assign(person.id, role)], [cap, remove(role)])).toEqual(['done', 'RF009']);
  });

  it('stays a parent for nobody: what is made below it meanwhile is refused', async () => {
    const cap = await sure(a, a.users.owner);
    const role = await plantRole(db, a, [], [a.roles.admin]);
    const make: Deed = ['select app.create_role($1, $1, $2, $3)', [`late-${randomUUID().slice(0, 8)}`, [], [role]]];
    expect(await race([cap, remove(role)], [cap, make])).toEqual(['done', 'RF016']);
  });
});

describe('a right that goes while its holder uses it', () => {
  let owner: string;
  beforeAll(async () => {
    owner = await sure(a, a.users.owner);
  });
  async function leadAndSub() {
    const role = await plantRole(db, a, LEADS_RIGHTS, [a.roles.admin]);
    const sub = await plantRole(db, a, [], [role]);
    const { cap, person } = await plantActor(db, a, role);
    return { role, sub, cap, person, helper: await plantActor(db, a, sub) };
  }
  const without = (right: string): string[] => LEADS_RIGHTS.filter((one) => one !== right);

  it('is not given on', async () => {
    const { role, sub, cap } = await leadAndSub();
    const outcome = await race(
      [owner, setPermissions(role, without('deal:read'))],
      [cap, setPermissions(sub, ['deal:read'])],
    );
    expect(outcome).toEqual(['done', 'RF006']);
  });

  it('does not serve to change a role, nor does the role that was above', async () => {
    const { role, sub, cap } = await leadAndSub();
    const first = await race([owner, setPermissions(role, without('role:update'))], [cap, setPermissions(sub, [])]);
    expect(first).toEqual(['done', 'RF007']);
    const other = await leadAndSub();
    const second = await race(
      [owner, setParents(other.sub, [a.roles.admin])],
      [other.cap, setPermissions(other.sub, [])],
    );
    expect(second).toEqual(['done', 'RF005']);
  });

  it('does not serve to assign, when its holder has another role by then', async () => {
    const { role, sub, cap, person, helper } = await leadAndSub();
    const below = await plantRole(db, a, [], [sub]);
    const outcome = await race([owner, assign(person.id, a.roles.viewer)], [cap, assign(helper.person.id, below)]);
    expect(outcome).toEqual(['done', 'RF007']);
    const again = await plantActor(db, a, role);
    expect(await race([owner, assign(again.person.id, sub)], [again.cap, assign(helper.person.id, sub)])).toEqual([
      'done',
      'RF007',
    ]);
  });

  it('a right that comes counts as well', async () => {
    const { role, sub, cap } = await leadAndSub();
    const more = [...LEADS_RIGHTS, 'deal:delete'];
    const outcome = await race([owner, setPermissions(role, more)], [cap, setPermissions(sub, ['deal:delete'])]);
    expect(outcome).toEqual(['done', 'done']);
  });
});

describe('a role that two change at the version they both read', () => {
  it('takes one of the changes', async () => {
    const id = await plantRole(db, a, [], [a.roles.admin]);
    const { accessToken: token } = await grantTo(held.app, db, a.users.owner.id, { tenant: a.id, aal: 2 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        held.app.call('PATCH', `/v1/roles/${id}`, {
          token,
          body: { name: `Name ${n}` },
          headers: { 'If-Match': '"v1"' },
        }),
      ),
    );
    const counts = answers.map(({ status }) => status).sort();
    expect(counts).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });
});
