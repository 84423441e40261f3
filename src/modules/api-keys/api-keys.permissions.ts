import { definePermission } from '../../route/index.js';

/** Rights on the tenant's API keys. All but reading asks for AAL2, which no key has: keys make no keys. */
export const ApiKeyPermissions = {
  read: definePermission('api_key:read', 'See the API keys of the tenant', 'admin'),
  create: definePermission('api_key:create', 'Make an API key with permissions that one has', 'admin'),
  update: definePermission('api_key:update', 'Replace the secret of an API key, or answer for one', 'admin'),
  delete: definePermission('api_key:delete', 'Revoke an API key', 'admin'),
};
