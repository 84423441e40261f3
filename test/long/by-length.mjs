/**
 * Specs that `npm test` leaves to `npm run test:long`, though they lie beside those that it runs: they wait, race, kill or
 * hash for long, and what they are about has quicker specs, too.
 */
export const LONG = [
  'audit/(erasure|every-mutation|export|one-entry|sealer-altered|sealer-upkeep)',
  'concurrency/(idempotency|invitation-races|members-races|one-shot|owner-races|roles-races|silent-database)',
  'e2e/(audit-identity|bad-input|deals-transfer|escalation|files-access|guessing|hostile-sign-in|invitations-hash)',
  'e2e/(magic-links|mfa-age|mfa-remove|mfa-secrets|mfa-verify|password-secrets|passwords|recovery-codes|refusals)',
  'e2e/webauthn(-garbage|-registration)?',
  'embedded/(accounts|crash)',
  'fuzz/fuzz',
  'generator/resource',
  'integration/(mail|mail-crash|mail-failures|mail-tls|password-hasher|readiness|secrets)',
  'isolation/(canonical-email|explain|hostile-role-arguments)',
  'jobs/(broken|tries|worker)',
  'limits/rate-limits',
  'openapi/examples',
  'pipeline/access-matrix',
  'start/(cli-tenants|first-start|guides|guides-files|tour)',
  'storage/(antivirus|drivers|readiness|s3|transfers)',
  'sweeping/(expired-rows|files)',
  'tenant-archive/(archive|erase|foreign-log|jobs|stores)',
  'webhooks/delivering',
];

/** Specs that run in both, and there with more cases (SCALE). */
export const SCALED = ['concurrency/closure', 'isolation/model', 'isolation/revocation'];
