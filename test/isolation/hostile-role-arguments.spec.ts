import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { useDatabase } from '../support/database.js';
import { LEADS_RIGHTS, useRoleCast } from '../support/role-cast.js';
import { attempt } from '../support/role-graph.js';

/* The functions that change roles, called by SQL with arguments that no controller would let through. */

const { db } = useDatabase();
const { a, b } = db.world;
const cast = useRoleCast(db);
const { role, who, expectRefusal } = cast;
const NOBODY = randomUUID();

const create = 'select app.create_role($1, $2, $3, $4)';
const update = 'select app.update_role($1, $2, $3, $4)';
const setPermissions = 'select app.set_role_permissions($1, $2, $3)';
const setParents = 'select app.set_role_parents($1, $2, $3)';
const remove = 'select app.delete_role($1, $2)';
const assign = 'select app.assign_role($1, $2)';
const transfer = 'select app.transfer_ownership($1)';

type Attempt = [what: string, actor: string, code: string, text: string, values: () => unknown[]];

describe('a door', () => {
  const doors: [string, () => unknown[]][] = [
    [create, () => ['x', 'X', [], [role.lead]]],
    [update, () => [role.sub, null, 'X', null]],
    [setPermissions, () => [role.sub, [], null]],
    [setParents, () => [role.leaf, [role.lead], null]],
    [remove, () => [role.leaf, null]],
    [assign, () => [who['sub']!.person.id, role.leaf]],
    [transfer, () => [a.users.admin.id]],
  ];

  it.each([
    ['nobody', '42501'],
    ['suspended', '42501'],
    ['viewer', 'RF007'],
    ['sub', 'RF007'],
  ])('stays shut for %s', async (actor, code) => {
    for (const [text, values] of doors) await expectRefusal(actor, code, text, values());
  });

  it('stays shut below AAL2, whatever the claims say', async () => {
    for (const [text, values] of doors.slice(0, 6)) await expectRefusal('unsure', 'RF004', text, values());
    const claims = `select set_config('request.jwt.claims', '{"aal":"aal2","role":"owner"}', true), ${remove.slice(7)}`;
    await expectRefusal('unsure', 'RF004', claims, [role.leaf, null]);
  });

  it('stays shut in a transaction whose snapshot may be older than the caller’s rights', async () => {
    for (const level of ['repeatable read', 'serializable']) {
      for (const [text, values] of doors) {
        await cast.app.query(`begin isolation level ${level}`);
        await cast.app.query(`select app.enter($1, '{}')`, [who['owner']!.cap]);
        await expect(cast.app.query(text, values())).rejects.toMatchObject({ code: '25000' });
        await cast.app.query('rollback');
      }
    }
  });
});

describe('hostile arguments', () => {
  const MORE: Attempt[] = [
    ['a right that the caller lacks', 'lead', 'RF006', create, () => ['x', 'X', ['deal:delete'], [role.lead]]],
    [
      'one among rights that it has',
      'lead',
      'RF006',
      create,
      () => ['x', 'X', [...LEADS_RIGHTS, 'tenant:transfer'], [role.lead]],
    ],
    [
      'one in a matrix',
      'lead',
      'RF006',
      create,
      () => ['x', 'X', '{{deal:read,role:read},{deal:read,deal:delete}}', [role.lead]],
    ],
    ['null among the rights', 'lead', 'RF013', create, () => ['x', 'X', '{deal:read,null}', [role.lead]]],
    ['a right that is none', 'owner', 'RF013', create, () => ['x', 'X', ['deal:fly'], [a.roles.owner]]],
    ['a right in capitals', 'lead', 'RF013', create, () => ['x', 'X', ['DEAL:DELETE'], [role.lead]]],
    ['a right with a space', 'lead', 'RF013', create, () => ['x', 'X', ['deal:delete '], [role.lead]]],
    ['no list of rights', 'owner', '22004', create, () => ['x', 'X', null, [a.roles.owner]]],
    ['no list of parents', 'owner', '22004', create, () => ['x', 'X', [], null]],
    ['no parent', 'owner', 'RF011', create, () => ['x', 'X', [], []]],
    ['null for a parent', 'owner', 'RF016', create, () => ['x', 'X', [], '{null}']],
    ['null among the parents', 'lead', 'RF016', create, () => ['x', 'X', [], `{${role.lead},null}`]],
    ['a parent above the caller', 'lead', 'RF005', create, () => ['x', 'X', [], [a.roles.admin]]],
    ['the root for a parent', 'lead', 'RF005', create, () => ['x', 'X', [], [role.lead, a.roles.owner]]],
    ['a parent beside the caller', 'lead', 'RF005', create, () => ['x', 'X', [], [role.lead, role.peer]]],
    ['a parent of another tenant', 'owner', 'RF016', create, () => ['x', 'X', [], [a.roles.owner, b.roles.owner]]],
    ['no slug', 'owner', '23502', create, () => [null, 'X', [], [a.roles.owner]]],
    ['no name', 'owner', '23502', create, () => ['x', null, [], [a.roles.owner]]],
    ['a slug that is no slug', 'owner', '23514', create, () => ['x y', 'X', [], [a.roles.owner]]],
    ['a slug that is taken', 'owner', '23505', create, () => ['viewer', 'X', [], [a.roles.owner]]],
    ['the slug of a standard role', 'lead', 'RF012', create, () => ['admin', 'X', [], [role.lead]]],

    ['its own role', 'lead', 'RF005', update, () => [role.lead, null, 'X', null]],
    ['a role above', 'lead', 'RF005', update, () => [a.roles.admin, null, 'X', null]],
    ['a role beside', 'lead', 'RF005', update, () => [role.peer, null, 'X', null]],
    ['the root, by the owner', 'owner', 'RF010', update, () => [a.roles.owner, null, 'X', null]],
    ['a role of another tenant', 'owner', 'P0002', update, () => [b.roles.viewer, null, 'X', null]],
    ['a role that is none', 'owner', 'P0002', update, () => [NOBODY, null, 'X', null]],
    ['no role', 'owner', 'P0002', update, () => [null, null, 'X', null]],
    ['an old version', 'lead', 'RF014', update, () => [role.sub, null, 'X', [99]]],
    ['null for a version', 'lead', 'RF014', update, () => [role.sub, null, 'X', '{null}']],
    ['no version at all', 'lead', 'RF014', update, () => [role.sub, null, 'X', []]],
    ['a standard slug for a role below', 'lead', 'RF012', update, () => [role.sub, 'owner', null, null]],

    ['its own role', 'lead', 'RF005', setPermissions, () => [role.lead, ['deal:delete'], null]],
    ['its own role, to nothing', 'lead', 'RF005', setPermissions, () => [role.lead, [], null]],
    ['a role above', 'lead', 'RF005', setPermissions, () => [a.roles.admin, LEADS_RIGHTS, null]],
    ['a role beside', 'lead', 'RF005', setPermissions, () => [role.peer, [], null]],
    ['the root, by the owner', 'owner', 'RF010', setPermissions, () => [a.roles.owner, [], null]],
    ['a role of another tenant', 'owner', 'P0002', setPermissions, () => [b.roles.viewer, [], null]],
    ['no role', 'owner', 'P0002', setPermissions, () => [null, ['deal:read'], null]],
    [
      'a right that the caller lacks',
      'lead',
      'RF006',
      setPermissions,
      () => [role.sub, ['deal:read', 'deal:delete'], null],
    ],
    ['no list', 'lead', '22004', setPermissions, () => [role.sub, null, null]],
    ['null among the rights', 'lead', 'RF013', setPermissions, () => [role.sub, '{deal:read,null}', null]],
    ['nothing but null', 'lead', 'RF013', setPermissions, () => [role.sub, '{null}', null]],
    ['null for a version', 'lead', 'RF014', setPermissions, () => [role.sub, [], '{null}']],

    ['its own role', 'lead', 'RF005', setParents, () => [role.lead, [a.roles.owner], null]],
    ['the root, by the owner', 'owner', 'RF010', setParents, () => [a.roles.owner, [a.roles.viewer], null]],
    ['a role above put below', 'lead', 'RF005', setParents, () => [a.roles.admin, [role.lead], null]],
    ['a role beside put below', 'lead', 'RF005', setParents, () => [role.peer, [role.lead], null]],
    ['a parent above the caller', 'lead', 'RF005', setParents, () => [role.sub, [role.lead, a.roles.admin], null]],
    ['a parent beside the caller', 'lead', 'RF005', setParents, () => [role.sub, [role.peer], null]],
    [
      'a parent taken away that is not the caller’s',
      'lead',
      'RF005',
      setParents,
      () => [role.shared, [role.lead], null],
    ],
    ['itself for a parent', 'lead', 'RF003', setParents, () => [role.sub, [role.sub], null]],
    ['a role below for a parent', 'lead', 'RF003', setParents, () => [role.sub, [role.leaf], null]],
    ['one among good ones', 'owner', 'RF003', setParents, () => [a.roles.admin, [a.roles.owner, role.leaf], null]],
    ['no list', 'lead', 'RF011', setParents, () => [role.sub, null, null]],
    ['an empty list', 'lead', 'RF011', setParents, () => [role.sub, [], null]],
    ['null for a parent', 'lead', 'RF016', setParents, () => [role.sub, '{null}', null]],
    ['null among the parents', 'lead', 'RF016', setParents, () => [role.sub, `{${role.lead},null}`, null]],
    ['a parent of another tenant', 'owner', 'RF016', setParents, () => [role.sub, [role.lead, b.roles.owner], null]],
    ['a role of another tenant', 'owner', 'P0002', setParents, () => [b.roles.viewer, [a.roles.owner], null]],

    ['its own role', 'lead', 'RF005', remove, () => [role.lead, null]],
    ['a role above', 'lead', 'RF005', remove, () => [a.roles.admin, null]],
    ['a role beside', 'lead', 'RF005', remove, () => [role.peer, null]],
    ['the root, by the owner', 'owner', 'RF010', remove, () => [a.roles.owner, null]],
    ['a role in use', 'lead', 'RF009', remove, () => [role.sub, null]],
    ['a role of another tenant', 'owner', 'P0002', remove, () => [b.roles.viewer, null]],
    ['no role', 'owner', 'P0002', remove, () => [null, null]],
    ['null for a version', 'lead', 'RF014', remove, () => [role.leaf, '{null}']],

    ['oneself raised', 'lead', 'RF005', assign, () => [who['lead']!.person.id, a.roles.owner]],
    ['oneself lowered', 'lead', 'RF005', assign, () => [who['lead']!.person.id, role.sub]],
    ['the owner, by the owner', 'owner', 'RF005', assign, () => [a.users.owner.id, a.roles.viewer]],
    ['a second owner', 'owner', 'RF005', assign, () => [a.users.admin.id, a.roles.owner]],
    ['the caller’s own role', 'lead', 'RF005', assign, () => [who['sub']!.person.id, role.lead]],
    ['a role above', 'lead', 'RF005', assign, () => [who['sub']!.person.id, a.roles.admin]],
    ['a role beside', 'lead', 'RF005', assign, () => [who['sub']!.person.id, role.peer]],
    ['somebody above', 'lead', 'RF005', assign, () => [a.users.admin.id, role.sub]],
    ['somebody beside', 'lead', 'RF005', assign, () => [who['peer']!.person.id, role.sub]],
    ['somebody with the caller’s role', 'lead', 'RF005', assign, () => [who['unsure']!.person.id, role.sub]],
    ['somebody of another tenant', 'owner', 'P0002', assign, () => [b.users.viewer.id, a.roles.viewer]],
    ['somebody of none', 'owner', 'P0002', assign, () => [db.world.nobody.id, a.roles.viewer]],
    ['nobody', 'owner', 'P0002', assign, () => [null, a.roles.viewer]],
    ['no role', 'owner', 'RF016', assign, () => [who['sub']!.person.id, null]],
    ['a role of another tenant', 'owner', 'RF016', assign, () => [who['sub']!.person.id, b.roles.viewer]],

    ['without the right', 'lead', 'RF007', transfer, () => [who['sub']!.person.id]],
    ['with the right, and not an owner', 'spare', 'RF021', transfer, () => [who['sub']!.person.id]],
    ['with the right, to oneself', 'spare', 'RF021', transfer, () => [who['spare']!.person.id]],
    ['to oneself', 'owner', 'P0002', transfer, () => [a.users.owner.id]],
    ['to nobody', 'owner', 'P0002', transfer, () => [null]],
    ['to somebody of another tenant', 'owner', 'P0002', transfer, () => [b.users.owner.id]],
    ['to somebody suspended', 'owner', 'P0002', transfer, () => [who['suspended']!.person.id]],
  ];

  it.each(
    MORE.map(
      ([what, actor, code, text, values]) =>
        [text.slice(11, text.indexOf('(')), what, actor, code, text, values] as const,
    ),
  )('%s: %s, by %s: %s', (_door, _what, actor, code, text, values) => expectRefusal(actor, code, text, values()));

  it('repeated are one', async () => {
    const twice = ['deal:read', 'deal:read'];
    expect(await attempt(cast.app, who['lead']!.cap, create, ['twice', 'X', twice, [role.lead, role.lead]])).toBe(
      'done',
    );
    const rows = await db.look<{ id: string; p: number; e: number }>(
      `select r.id, (select count(*)::int from app.role_permissions where role_id = r.id) as p,
              (select count(*)::int from app.role_edges where child_id = r.id) as e from app.roles r where slug = 'twice'`,
    );
    expect(rows).toMatchObject([{ p: 1, e: 1 }]);
    expect(await attempt(cast.app, who['lead']!.cap, setPermissions, [rows[0]!.id, twice, null])).toBe('done');
    expect(await attempt(cast.app, who['lead']!.cap, setParents, [rows[0]!.id, [role.sub, role.sub], null])).toBe(
      'done',
    );
  });
});
