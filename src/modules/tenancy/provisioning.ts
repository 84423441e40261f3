import { permissionCatalogue, STANDARD_ROLES, type StandardRole } from '../../route/index.js';

/** Statements of ringfence_service: whoever provisions brings the connection; this module has no way past the fence. */
interface ServiceStatements {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/**
 * A tenant with its four standard roles, each with the permissions that the loaded modules give it, and nobody in it. The
 * service role does this: a tenant that is being made has nobody yet who could.
 *
 * @returns the tenant's id
 */
export async function provisionTenant(client: ServiceStatements, slug: string, name: string): Promise<string> {
  await client.query('select auth.sync_permissions($1)', [JSON.stringify(permissionCatalogue())]);
  const rows = await client.query<{ id: string }>('select app.provision_standard_tenant($1, $2) as id', [slug, name]);
  return (rows[0] as { id: string }).id;
}

/** Ids of a tenant's standard roles. */
export async function standardRolesOf(
  client: ServiceStatements,
  tenantId: string,
): Promise<Record<StandardRole, string>> {
  const rows = await client.query<{ slug: StandardRole; id: string }>(
    'select slug, id from app.roles where tenant_id = $1 and slug = any($2)',
    [tenantId, STANDARD_ROLES],
  );
  return Object.fromEntries(rows.map(({ slug, id }) => [slug, id])) as Record<StandardRole, string>;
}

/** Makes a person a member: the membership and the profile that colleagues see. */
export async function addMember(
  client: ServiceStatements,
  member: { tenantId: string; roleId: string; userId: string; email: string; fullName: string },
): Promise<void> {
  const { tenantId, roleId, userId, email, fullName } = member;
  await client.query(
    `insert into app.memberships (tenant_id, user_id, role_id, tenant_status, tenant_min_aal)
     select t.id, $2, $3, t.status, t.min_aal from app.tenants t where t.id = $1`,
    [tenantId, userId, roleId],
  );
  await client.query('insert into app.profiles (tenant_id, user_id, email, full_name) values ($1, $2, $3, $4)', [
    tenantId,
    userId,
    email,
    fullName,
  ]);
}
