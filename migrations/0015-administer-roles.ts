import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ASKING, ROLES } from './parts/administer-roles.js';
import { INVARIANT_TRIGGERS, INVARIANTS } from './parts/role-invariants.js';

/**
 * Why: who may make, change and assign roles decides everything else, so the application holds no grant to write them at
 * all. It calls one function a deed. Each takes the tenant's role lock first and reads the caller's context after it, so
 * that of two deeds at once the second sees what the first did to its own right; asks for the permission, AAL2 and that
 * what it touches is below the caller's role; and never lets a right out that the caller does not hold. What must hold
 * whoever writes (one root, no cycle, a parent for every other role, an owner at all times) is kept by constraints and
 * triggers, for the service role too.
 *
 * The functions belong to ringfence_derive, which no connection can log in as. They name the tenant in every statement,
 * since that role's policies do not.
 */
export class AdministerRoles1764000000015 implements MigrationInterface {
  name = 'AdministerRoles1764000000015';

  async up(q: QueryRunner): Promise<void> {
    await q.query(GRANTS);
    await q.query(asDerive(INVARIANTS));
    await q.query(INVARIANT_TRIGGERS);
    await q.query(asDerive(ASKING + ROLES));
    await q.query(
      asDerive(`revoke all on function ${[...INNER, ...DOORS].join(', ')} from public;
      grant execute on function ${DOORS.join(', ')} to ringfence_app`),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop trigger z_owner_stays on app.memberships;
      drop trigger a_root_is_fixed on app.roles;
      drop trigger a_root_has_no_parent on app.role_edges;
      drop trigger z_has_parent on app.roles;
      drop trigger z_has_parent on app.role_edges;
      set role ringfence_derive;
      drop function ${[...DOORS, ...INNER].reverse().join(', ')};
      reset role;
    `);
    for (const [table, policies] of Object.entries(POLICIES))
      for (const command of policies) await q.query(`drop policy derive_${command}s on ${table}`);
    await q.query(REVOKES);
  }
}

const asDerive = (sql: string): string => `
  grant create on schema app to ringfence_derive; set role ringfence_derive; ${sql}; reset role;
  revoke create on schema app from ringfence_derive`;

const POLICIES: Record<string, string[]> = {
  'app.roles': ['insert', 'update', 'delete'],
  'app.role_permissions': ['delete'],
  'app.role_edges': ['insert', 'delete'],
  'app.memberships': ['update', 'delete'],
};

const policy = (table: string, command: string): string =>
  `create policy derive_${command}s on ${table} for ${command} to ringfence_derive ${command === 'insert' ? 'with check' : 'using'} (true);`;

const GRANTS = `
  grant insert, update (slug, name), delete on app.roles to ringfence_derive;
  grant delete on app.role_permissions to ringfence_derive;
  grant insert, delete on app.role_edges to ringfence_derive;
  grant select, update (role_id, status), delete on app.memberships to ringfence_derive;
  grant select (id, status) on auth.users to ringfence_derive;
  ${Object.entries(POLICIES)
    .flatMap(([table, commands]) => commands.map((command) => policy(table, command)))
    .join('\n')}`;

const REVOKES = `
  revoke insert, update (slug, name), delete on app.roles from ringfence_derive;
  revoke delete on app.role_permissions from ringfence_derive;
  revoke insert, delete on app.role_edges from ringfence_derive;
  revoke select, update (role_id, status), delete on app.memberships from ringfence_derive;
  revoke select (id, status) on auth.users from ringfence_derive;
  grant select (tenant_id, user_id, role_id) on app.memberships to ringfence_derive`;

/** In the order in which one needs the other. */
const INNER = [
  'app.owner_stays()',
  'app.root_is_fixed()',
  'app.root_has_no_parent()',
  'app.role_has_parent()',
  'app.acting(text)',
  'app.role_below(app.request_context, uuid, integer[])',
  'app.assert_grantable(app.request_context, text[])',
  'app.assert_slug(app.request_context, text)',
  'app.assert_parents(app.request_context, uuid[])',
  'app.rights_beside(app.request_context)',
  'app.assert_nothing_beside(app.request_context, jsonb)',
];
const DOORS = [
  'app.create_role(text, text, text[], uuid[])',
  'app.update_role(uuid, text, text, integer[])',
  'app.set_role_permissions(uuid, text[], integer[])',
  'app.set_role_parents(uuid, uuid[], integer[])',
  'app.delete_role(uuid, integer[])',
  'app.assign_role(uuid, uuid)',
  'app.transfer_ownership(uuid)',
];
