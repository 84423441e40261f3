import { definePermission } from '../../route/index.js';

/** Rights on the tenant itself. Handing it over is declared with the roles. */
export const TenantPermissions = {
  read: definePermission('tenant:read', 'See the tenant and its settings', 'viewer'),
  update: definePermission('tenant:update', 'Rename the tenant and change its settings', 'admin'),
};

/** Rights on who belongs to the tenant. Which role they have is declared with the roles. */
export const MemberPermissions = {
  read: definePermission('member:read', 'See who belongs to the tenant', 'viewer'),
  delete: definePermission('member:delete', 'Remove a member whose role is below one’s own', 'admin'),
};
