import { defineAuditActions } from '../../route/index.js';

export const SessionActions = defineAuditActions('session', {
  signedIn: 'Signed in',
  steppedUp: 'Raised a session to aal2 with a second factor',
  tenantSwitched: 'Moved a session from one tenant to another; in the logs of both',
  signedOut: 'Signed out',
  ended: 'Ended one of one’s own sessions',
  allEnded: 'Ended one’s own sessions, in all tenants',
  expired: 'A session ended that had lasted longer than its tenant allows',
  reuseDetected: 'A refresh token came a second time; its session ended',
});

export const MemberSessionActions = defineAuditActions('member', {
  signedOut: 'Ended the sessions of a member in this tenant',
});

export const PasswordActions = defineAuditActions('password', {
  changed: 'Changed one’s password; the other sessions ended',
  resetRequested: 'Somebody asked for a mail with a link that sets a new password',
  reset: 'Set a new password by the link of a mail; all sessions ended',
});

export const MagicLinkActions = defineAuditActions('magic_link', {
  requested: 'Somebody asked for a mail with a link that signs in',
});

export const AccountActions = defineAuditActions('account', {
  locked: 'Locked an account after too many wrong guesses',
  unlocked: 'Unlocked one’s account by the link of a mail',
});
