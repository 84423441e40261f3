import { defineAuditActions } from '../../route/index.js';

export const FactorActions = defineAuditActions('factor', {
  added: 'Began to add an authenticator app, which does not count yet',
  activated:
    'Made a second factor count: an authenticator app by its first code, or a passkey; the other sessions ended',
  renamed: 'Renamed a second factor',
  removed: 'Removed a second factor',
});

export const RecoveryCodesActions = defineAuditActions('recovery_codes', {
  renewed: 'Made new recovery codes; those from before are void',
});
