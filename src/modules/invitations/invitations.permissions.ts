import { definePermission } from '../../route/index.js';

/** Rights on invitations. The role that one gives out is below one's own, in any case. */
export const InvitationPermissions = {
  read: definePermission('invitation:read', 'See the invitations that are pending', 'admin'),
  create: definePermission('invitation:create', 'Invite somebody into a role below one’s own, and again', 'admin'),
  delete: definePermission('invitation:delete', 'Revoke an invitation into a role below one’s own', 'admin'),
};
