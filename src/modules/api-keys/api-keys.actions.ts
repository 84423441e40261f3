import { defineAuditActions } from '../../route/index.js';

/** The key itself is in no table and in no entry; what is stored of it is no column of the audited table. */
export const ApiKeyActions = defineAuditActions('api_key', {
  created: 'Made an API key',
  rotated: 'Replaced the secret of an API key',
  confirmed: 'Answers for an API key from now on',
  revoked: 'Revoked an API key',
});
