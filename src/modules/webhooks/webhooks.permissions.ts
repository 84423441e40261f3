import { definePermission } from '../../route/index.js';

/** Rights on webhooks. Who may make one hears by it of every event of the tenant, by ids: as who reads its audit log. */
export const WebhookPermissions = {
  read: definePermission('webhook:read', 'See webhooks and what was delivered to them', 'admin'),
  create: definePermission('webhook:create', 'Make a webhook, and hear of what is done here, by ids', 'admin'),
  update: definePermission(
    'webhook:update',
    'Change a webhook, its secret and its state; test it, and replay',
    'admin',
  ),
  delete: definePermission('webhook:delete', 'Delete a webhook', 'admin'),
} as const;
