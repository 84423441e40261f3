import { definePermission } from '../../src/route/index.js';

/** Rights on approvals. Whoever may ask sees what they asked for; whoever may decide sees all. */
export const ApprovalPermissions = {
  read: definePermission('approval:read', 'See the approvals that one asked for', 'member'),
  create: definePermission('approval:create', 'Ask for an approval', 'member'),
  decide: definePermission('approval:decide', 'See every approval, and decide on those that others asked for', 'admin'),
} as const;
