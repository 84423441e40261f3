import { describe, expect, it } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import { plantRole } from '../support/role-graph.js';
import { useRoleCast } from '../support/role-cast.js';

/*
 * SQL as the application's role, in a live session of tenant A that may change roles: what injected SQL could do at worst.
 * Everything is committed if the database lets it. Afterwards both tenants are as before, to the last column.
 */

const { db } = useDatabase();
const { a } = db.world;
const cast = useRoleCast(db);
const { role, expectRefusal } = cast;

describe('a statement on a table', () => {
  const T = `'${a.id}'`;
  const statements: (() => string)[] = [
    () => `insert into app.roles (tenant_id, slug, name, is_root) values (${T}, 'evil', 'Evil', true)`,
    () => `update app.roles set is_root = true`,
    () => `update app.roles set name = name`,
    () => `delete from app.roles where id = '${role.leaf}'`,
    () => `select from app.roles for update`,
    () => `merge into app.roles r using (select 1) x on true when matched then update set name = 'x'`,
    () => `insert into app.role_permissions values (${T}, '${role.lead}', 'deal:delete')`,
    () => `insert into app.role_permissions values (${T}, '${role.lead}', 'deal:read') on conflict do nothing`,
    () => `update app.role_permissions set permission = 'tenant:transfer' where role_id = '${role.lead}'`,
    () => `delete from app.role_permissions`,
    () => `insert into app.role_edges values (${T}, '${role.lead}', '${a.roles.owner}')`,
    () => `update app.role_edges set parent_id = '${role.lead}'`,
    () => `delete from app.role_edges`,
    () => `insert into app.role_closure values (${T}, '${role.lead}', '${a.roles.admin}')`,
    () => `update app.role_closure set ancestor_id = '${role.lead}'`,
    () => `delete from app.role_closure`,
    () =>
      `insert into app.memberships (tenant_id, user_id, role_id) values (${T}, '${db.world.nobody.id}', '${a.roles.owner}')`,
    () => `update app.memberships set role_id = '${a.roles.owner}' where user_id = app.user_id()`,
    () => `update app.memberships set status = 'active'`,
    () => `delete from app.memberships where user_id = '${a.users.owner.id}'`,
    () => `select * from auth.role_rights`,
    () => `insert into auth.role_rights values (${T}, '${role.lead}', '{tenant:transfer}', '{}')`,
    () => `update auth.role_rights set permissions = '{tenant:transfer}'`,
    () => `delete from auth.role_rights`,
    () => `insert into auth.permissions (code) values ('any:thing')`,
    () => `update auth.permissions set standard_role = 'viewer'`,
    () => `update auth.capabilities set role_id = '${a.roles.owner}'`,
    () => `truncate app.role_edges`,
    () => `alter table app.role_edges disable trigger all`,
    () => `set local session_replication_role = replica`,
    () => `set local role ringfence_derive`,
  ];

  it.each(statements)('number %# is refused to a lead and to the owner', async (statement) => {
    for (const actor of ['lead', 'owner']) await expectRefusal(actor, '42501', statement());
  });

  it('has no grant to write on what says who may what, not on one column', async () => {
    const { rows } = await cast.app.query(`
      select c.oid::regclass::text as name from pg_class c
       where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and c.relkind in ('r', 'p')
         and (c.relnamespace = 'auth'::regnamespace or c.relname ~ '^(role|membership|tenant|invitation|profile)')
         and (has_any_column_privilege(c.oid, 'insert, update, references') or has_table_privilege(c.oid, 'delete, truncate, trigger, maintain'))`);
    expect(rows).toEqual([]);
  });
});

describe('a function behind the doors', () => {
  it.each([
    `app.acting('role:update')`,
    `app.role_below(null, null, null)`,
    `app.assert_grantable(null, '{}')`,
    `app.assert_parents(null, '{}')`,
    `app.assert_slug(null, 'x')`,
    `app.assert_read_committed()`,
    `app.derive_role_rights('${a.id}')`,
    `app.hand_over('${a.id}', '${a.users.owner.id}', '${a.users.viewer.id}')`,
    `app.drop_member('${a.id}', '${a.users.owner.id}', null)`,
    `app.combined_policies('app.roles', 'select')`,
    `auth.sync_permissions('[{"code": "evil:deed", "description": "", "from": "viewer"}]')`,
    `app.provision_tenant('evil', 'Evil', '[]')`,
  ])('cannot be called: %s', (call) => expectRefusal('owner', '42501', `select ${call}`));
});

describe('the invariants, for whoever writes', () => {
  const refuses = (code: string, text: string, ...values: unknown[]) =>
    expect(db.look(text, values)).rejects.toMatchObject({ code });

  it('one root, which nobody changes', async () => {
    await refuses(
      '23505',
      `insert into app.roles (tenant_id, slug, name, is_root) values ($1, 'second', 'X', true)`,
      a.id,
    );
    await refuses('RF010', 'update app.roles set is_root = false where id = $1', a.roles.owner);
    await refuses('RF010', 'delete from app.roles where id = $1', a.roles.owner);
    await refuses('RF010', 'insert into app.role_edges values ($1, $2, $3)', a.id, role.lead, a.roles.owner);
    await refuses('RF010', 'update app.role_edges set child_id = $1 where child_id = $2', a.roles.owner, role.leaf);
  });

  it('a parent for every other role, and no circle', async () => {
    await refuses('RF011', `insert into app.roles (tenant_id, slug, name) values ($1, 'orphan', 'X')`, a.id);
    await refuses('RF011', 'delete from app.role_edges where child_id = $1', role.leaf);
    await refuses('RF011', 'update app.role_edges set child_id = $1 where child_id = $2', role.shared, role.leaf);
    await refuses('RF011', 'delete from app.roles where id = $1', await plantChain());
    await refuses('RF003', 'insert into app.role_edges values ($1, $2, $3)', a.id, role.leaf, role.sub);
    await refuses('42501', 'delete from app.role_closure');
    async function plantChain(): Promise<string> {
      const top = await plantRole(db, a, [], [role.lead]);
      await plantRole(db, a, [], [top]);
      return top;
    }
  });

  it('one membership a person and tenant, and an owner at all times', async () => {
    const again = 'insert into app.memberships (tenant_id, user_id, role_id) values ($1, $2, $3)';
    await refuses('23505', again, a.id, a.users.viewer.id, a.roles.owner);
    for (const change of [`status = 'suspended'`, `role_id = '${a.roles.admin}'`])
      await refuses('RF008', `update app.memberships set ${change} where user_id = $1`, a.users.owner.id);
    await refuses('RF008', 'with gone as (delete from app.deals where owner_id = $1) delete from app.memberships where user_id = $1', a.users.owner.id); // prettier-ignore
  });
});
