import { randomUUID } from 'node:crypto';
import type { Client, DatabaseError } from 'pg';
import { type Capability, plantCapability } from './acting.js';
import type { TestDatabase } from './database.js';
import { newcomer } from './people.js';
import type { Person, Tenant } from './world.js';

/** What somebody wrote about a tenant's roles, and what the database derived from it. Everything sorted. */
export interface RoleGraph {
  roots: string[];
  roles: string[];
  edges: [parent: string, child: string][];
  permissions: [role: string, permission: string][];
  closure: [ancestor: string, descendant: string][];
  rights: Record<string, { permissions: string[]; subordinates: string[] }>;
  catalogue: string[];
}

const GRAPH = `
  select
    (select jsonb_agg(id order by id) from app.roles where tenant_id = $1 and is_root) as roots,
    (select jsonb_agg(id order by id) from app.roles where tenant_id = $1) as roles,
    (select jsonb_agg(jsonb_build_array(parent_id, child_id) order by parent_id, child_id) from app.role_edges where tenant_id = $1) as edges,
    (select jsonb_agg(jsonb_build_array(role_id, permission) order by role_id, permission) from app.role_permissions where tenant_id = $1) as permissions,
    (select jsonb_agg(jsonb_build_array(ancestor_id, descendant_id) order by ancestor_id, descendant_id) from app.role_closure where tenant_id = $1) as closure,
    (select jsonb_object_agg(role_id, jsonb_build_object('permissions', permissions, 'subordinates', subordinate_role_ids)) from auth.role_rights where tenant_id = $1) as rights`;

/** Read past the fence, in one snapshot. */
export async function readRoleGraph(db: TestDatabase, tenant: Tenant): Promise<RoleGraph> {
  const admin = await db.as('admin');
  const { rows } = await admin.query<RoleGraph>(GRAPH, [tenant.id]);
  const { rows: codes } = await admin.query<{ code: string }>('select code from auth.permissions');
  await admin.end();
  const graph = rows[0] as RoleGraph;
  for (const rights of Object.values(graph.rights)) {
    rights.permissions.sort();
    rights.subordinates.sort();
  }
  return { ...graph, catalogue: codes.map(({ code }) => code).sort() };
}

/** Closure and rights from what was written alone, in the most naive way there is. */
export function recompute(graph: RoleGraph): Pick<RoleGraph, 'closure' | 'rights'> {
  const below = (role: string, seen = new Set<string>()): Set<string> => {
    for (const [parent, child] of graph.edges)
      if (parent === role && !seen.has(child)) {
        seen.add(child);
        below(child, seen);
      }
    return seen;
  };
  const closure: [string, string][] = [];
  const rights: RoleGraph['rights'] = {};
  for (const role of graph.roles) {
    const subordinates = [...below(role)].sort();
    for (const descendant of subordinates) closure.push([role, descendant]);
    const held = new Set<string>();
    for (const [owner, permission] of graph.permissions)
      if (owner === role || subordinates.includes(owner)) held.add(permission);
    rights[role] = {
      permissions: graph.roots.includes(role) ? graph.catalogue : [...held].sort(),
      subordinates,
    };
  }
  return { closure: closure.sort((x, y) => (x.join() < y.join() ? -1 : 1)), rights };
}

/** A role made past the fence. */
export async function plantRole(
  db: TestDatabase,
  tenant: Tenant,
  permissions: readonly string[],
  parents: readonly string[],
): Promise<string> {
  return db.service(async (client) => {
    const slug = `r-${randomUUID()}`.slice(0, 30).replace(/-$/, '');
    const [role] = await client.query<{ id: string }>(
      'insert into app.roles (tenant_id, slug, name) values ($1, $2, $2) returning id',
      [tenant.id, slug],
    );
    const id = role?.id ?? '';
    await client.query('insert into app.role_edges select $1, p, $2 from unnest($3::uuid[]) p', [
      tenant.id,
      id,
      parents,
    ]);
    await client.query('insert into app.role_permissions select $1, $2, p from unnest($3::text[]) p', [
      tenant.id,
      id,
      permissions,
    ]);
    return id;
  });
}

export interface Actor extends Capability {
  person: Person;
  roleId: string;
}

/** Somebody new who has this role, with a live capability. */
export async function plantActor(db: TestDatabase, tenant: Tenant, roleId: string, aal: 1 | 2 = 2): Promise<Actor> {
  const person = await newcomer(db, [tenant, 'viewer']);
  await db.look('update app.memberships set role_id = $3 where tenant_id = $1 and user_id = $2', [
    tenant.id,
    person.id,
    roleId,
  ]);
  return { person, roleId, ...(await plantCapability(db, tenant, person, aal)) };
}

/** One statement in a transaction of its own, committed if it can be. @returns the SQLSTATE of what stopped it, or `done` */
export async function attempt(client: Client, cap: string, text: string, values?: unknown[]): Promise<string> {
  try {
    await client.query('begin');
    await client.query(`select app.enter($1, '{}')`, [cap]);
    await client.query(text, values);
    await client.query('commit');
    return 'done';
  } catch (error) {
    await client.query('rollback');
    return (error as DatabaseError).code ?? String(error);
  }
}
