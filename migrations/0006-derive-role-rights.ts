import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: "who is above whom" and "what may this role do" are questions of every request, so they are answered ahead:
 * role_closure holds every pair of ancestor and descendant, auth.role_rights one row a role with its effective
 * permissions (its own and those of the roles below it) and the roles below it. Both are recomputed for the whole tenant
 * whenever an edge, a permission or a role changes; a tenant has few roles, and recomputing is simpler to trust than
 * patching. An advisory lock per tenant serialises changes, so that two edges added at once cannot close a cycle that
 * neither saw. The function belongs to ringfence_derive, which can write these two tables and nothing else.
 */
const DEFINER = `language plpgsql security definer set search_path = ''`;

export class DeriveRoleRights1764000000006 implements MigrationInterface {
  name = 'DeriveRoleRights1764000000006';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      grant create on schema app to ringfence_derive;
      set role ringfence_derive;
      create function app.derive_role_rights(p_tenant uuid) returns void ${DEFINER} as $$
      begin
        perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('role-graph:' || p_tenant, 0));
        delete from app.role_closure where tenant_id = p_tenant;
        insert into app.role_closure (tenant_id, ancestor_id, descendant_id)
          with recursive below (ancestor_id, descendant_id) as (
            select e.parent_id, e.child_id from app.role_edges e where e.tenant_id = p_tenant
            union
            select b.ancestor_id, e.child_id
              from below b join app.role_edges e on e.tenant_id = p_tenant and e.parent_id = b.descendant_id
          )
          select p_tenant, b.ancestor_id, b.descendant_id from below b;
        insert into auth.role_rights as t (tenant_id, role_id, permissions, subordinate_role_ids)
          select p_tenant, r.id,
            array(select distinct p.permission from app.role_permissions p
                   where p.tenant_id = p_tenant and (p.role_id = r.id or p.role_id in (
                     select c.descendant_id from app.role_closure c where c.tenant_id = p_tenant and c.ancestor_id = r.id))
                   order by 1),
            array(select c.descendant_id from app.role_closure c
                   where c.tenant_id = p_tenant and c.ancestor_id = r.id order by 1)
            from app.roles r where r.tenant_id = p_tenant
          on conflict (tenant_id, role_id) do update
            set permissions = excluded.permissions, subordinate_role_ids = excluded.subordinate_role_ids
            where (t.permissions, t.subordinate_role_ids) is distinct from (excluded.permissions, excluded.subordinate_role_ids);
      exception when check_violation then
        raise exception 'a role cannot be above itself' using errcode = 'RF003';
      end $$;
      create function app.derive_role_rights_for_change() returns trigger ${DEFINER} as $$
      declare
        t uuid;
      begin
        for t in select distinct c.tenant_id from changed c loop
          perform app.derive_role_rights(t);
        end loop;
        return null;
      end $$;
      revoke all on function app.derive_role_rights(uuid), app.derive_role_rights_for_change() from public;
      grant execute on function app.derive_role_rights_for_change() to ringfence_owner;
      reset role;
      revoke create on schema app from ringfence_derive;
    `);
    for (const table of ['roles', 'role_permissions', 'role_edges']) {
      for (const [event, rows] of [
        ['insert', 'new'],
        ['update', 'new'],
        ['delete', 'old'],
      ] as const) {
        if (table === 'roles' && event !== 'insert') continue; // a role's name changes nothing; its removal cascades
        await q.query(`create trigger derive_on_${event} after ${event} on app.${table}
          referencing ${rows} table as changed for each statement execute function app.derive_role_rights_for_change();
          alter table app.${table} enable always trigger derive_on_${event}`);
      }
    }
    await q.query('revoke execute on function app.derive_role_rights_for_change() from ringfence_owner');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop trigger derive_on_insert on app.roles;
      drop trigger derive_on_insert on app.role_permissions;
      drop trigger derive_on_update on app.role_permissions;
      drop trigger derive_on_delete on app.role_permissions;
      drop trigger derive_on_insert on app.role_edges;
      drop trigger derive_on_update on app.role_edges;
      drop trigger derive_on_delete on app.role_edges;
      set role ringfence_derive;
      drop function app.derive_role_rights_for_change(), app.derive_role_rights(uuid);
      reset role;
    `);
  }
}
