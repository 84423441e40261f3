import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: the tables that say who belongs where are fenced like any other, but two roles that cannot log in must read them
 * across tenants: ringfence_context, when a person signs in and no tenant is known yet, and ringfence_derive, which
 * computes the closure and the rights. Their fence therefore names the roles it binds instead of PUBLIC, and each of the
 * two gets a policy of its own. A request only reads here: changing roles and members comes with its own rules, so the
 * application holds no other grant. Colleagues see each other (members of one tenant, whatever their role).
 */
const FENCED_ROLES = 'ringfence_owner, ringfence_app, ringfence_auth';
// inside the fence, any live member may see the row
const MEMBER = '(select app.user_id()) is not null';

const TABLES: { table: string; resource: string; options?: string }[] = [
  {
    table: 'app.tenants',
    resource: 'tenant',
    options: `p_tenant_column => 'id', p_other_indexes => '{tenants_slug_key}'`,
  },
  { table: 'app.roles', resource: 'role' },
  { table: 'app.role_permissions', resource: 'role' },
  { table: 'app.role_edges', resource: 'role' },
  { table: 'app.role_closure', resource: 'role' },
  { table: 'app.memberships', resource: 'member', options: `p_other_indexes => '{memberships_user}'` },
  { table: 'app.profiles', resource: 'member' },
];
const READ_BY_CONTEXT = ['app.tenants', 'app.roles', 'app.memberships'];
const READ_BY_DERIVE = ['app.roles', 'app.role_permissions', 'app.role_edges', 'app.role_closure'];

export class ProtectTenancy1764000000005 implements MigrationInterface {
  name = 'ProtectTenancy1764000000005';

  async up(q: QueryRunner): Promise<void> {
    for (const { table, resource, options } of TABLES) {
      await q.query(`call app.protect_table('${table}', '${resource}', p_commands => '{select}',
        p_fence_to => '${FENCED_ROLES}', p_sees => '${MEMBER}'${options ? `, ${options}` : ''})`);
    }
    for (const table of READ_BY_CONTEXT) {
      await q.query(`grant select on ${table} to ringfence_context;
        create policy context_reads on ${table} for select to ringfence_context using (true)`);
    }
    for (const table of READ_BY_DERIVE) {
      await q.query(`grant select on ${table} to ringfence_derive;
        create policy derive_reads on ${table} for select to ringfence_derive using (true)`);
    }
    await q.query(`
      grant insert, delete on app.role_closure to ringfence_derive;
      create policy derive_inserts on app.role_closure for insert to ringfence_derive with check (true);
      create policy derive_deletes on app.role_closure for delete to ringfence_derive using (true);
      grant select, insert, update, delete on auth.role_rights to ringfence_derive;
      -- role_closure is computed: not even the service writes it by hand
      revoke insert, update, delete on app.role_closure from ringfence_service;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('revoke all on auth.role_rights from ringfence_derive');
    for (const { table } of TABLES) {
      const policies = (await q.query(`select polname from pg_policy where polrelid = $1::regclass`, [table])) as {
        polname: string;
      }[];
      for (const { polname } of policies) await q.query(`drop policy "${polname}" on ${table}`);
      await q.query(`alter table ${table} no force row level security, disable row level security`);
      await q.query(
        `revoke all on ${table} from ringfence_app, ringfence_service, ringfence_context, ringfence_derive`,
      );
      await q.query(`drop trigger a_tenant_is_immutable on ${table}; drop trigger if exists b_touch on ${table}`);
    }
  }
}
