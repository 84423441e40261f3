export { WebhooksModule } from './webhooks.module.js';
export { WebhookPermissions } from './webhooks.permissions.js';
