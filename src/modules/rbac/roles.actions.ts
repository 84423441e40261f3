import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const RoleActions = defineAuditActions('role', {
  created: 'Made a role',
  updated: 'Renamed a role',
  permissionsSet: 'Set what a role holds',
  parentsSet: 'Set which roles stand above a role',
  deleted: 'Deleted a role',
});

export const AssignmentActions = defineAuditActions('member', { roleAssigned: 'Gave a member another role' });

export const OwnershipActions = defineAuditActions('tenant', {
  ownershipTransferred: 'Made a member the owner in one’s own place',
});

defineWebhookEvents(
  ...Object.values(RoleActions),
  AssignmentActions.roleAssigned,
  OwnershipActions.ownershipTransferred,
);
