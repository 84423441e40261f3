/** A table whose rows are of no use once `column` lies `keep` (a PostgreSQL interval) back. */
export interface Expiring {
  name: string;
  column: string;
  keep: string;
  /** rows that a request locks meanwhile stay until the next time; takes the right to change them */
  skipsLocked?: boolean;
}

/** Swept here. An hour more than nothing, so that what is refused as expired is still told from what never was. */
export const EXPIRING: readonly Expiring[] = [
  { name: 'auth.capabilities', column: 'expires_at', keep: '1 hour' },
  // with its capabilities, refresh tokens and challenges; no refresh prolongs one beyond this
  { name: 'auth.sessions', column: 'expires_at', keep: '1 hour' },
  // links in mails, and challenges of passkeys
  { name: 'auth.one_time_tokens', column: 'expires_at', keep: '1 hour' },
  // no rule remembers one for longer than a day, and no lock lasts longer
  { name: 'auth.guesses', column: 'last_at', keep: '2 days' },
  // those that were rotated; one that signs has no end
  { name: 'auth.webhook_secrets', column: 'expires_at', keep: '1 hour' },
  // a window of the limits on requests that is over counts for nothing
  { name: 'auth.rate_limits', column: 'expires_at', keep: '5 minutes', skipsLocked: true },
];

/** Tables with a time at which something ends, and why nothing here removes their rows. */
export const NOT_SWEPT_HERE: Readonly<Record<string, string>> = {
  'auth.refresh_tokens': 'go with their session: a used one shows that a token was stolen',
  'auth.recovery_codes': 'ten a person; used ones are counted, and go when new ones are made',
  'auth.factors': 'a person removes them',
  'auth.signing_keys': 'retired ones verify tokens that live on; keys rotate keeps few',
  'auth.mail_outbox': 'mail.sweep',
  'app.invitations': 'shown as expired to whoever may withdraw or renew them',
  'app.files': 'files.sweep',
  'app.file_versions': 'files.sweep',
  'app.jobs': 'jobs.forget',
  'app.idempotency_keys': 'idempotency.sweep',
  'auth.idempotency_keys': 'idempotency.sweep',
  'app.api_keys': 'shown as expired to whoever may delete them',
  'auth.key_secrets': 'two a key at most, and they go with it',
  'auth.tenant_archives': 'archives.sweep; rows stay, with the certificates of erasures',
};
