import { defineCrudPermissions, definePermission } from '../../route/index.js';

/** Rights on roles. What one may put into a role is bounded by what one holds. */
export const RolePermissions = defineCrudPermissions('role', {
  read: 'viewer',
  create: 'admin',
  update: 'admin',
  delete: 'admin',
});

/** Rights on who has which role. */
export const AssignmentPermissions = {
  update: definePermission('member:update', 'Give a member another role, both below one’s own', 'admin'),
};

/** Who is above all others. */
export const OwnershipPermissions = {
  transfer: definePermission('tenant:transfer', 'Hand the ownership of the tenant over', 'owner'),
};
