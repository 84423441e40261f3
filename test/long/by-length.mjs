/**
 * Specs that `npm test` leaves to `npm run test:long`, though they lie beside those that it runs: they wait, race, kill or
 * hash for long, and what they are about has quicker specs, too.
 */
export const LONG = [
  'audit/(every-mutation|export|one-entry|sealer-altered|sealer-upkeep)',
  'concurrency/(invitation-races|one-shot|roles-races)',
  'e2e/(bad-input|guessing|invitations-hash|mfa-age|webauthn-garbage)',
  'embedded/(accounts|crash)',
  'integration/(mail-crash|mail-failures|mail-tls|password-hasher|secrets)',
  'isolation/(canonical-email|explain|hostile-role-arguments)',
  'jobs/(broken|tries)',
  'openapi/examples',
  'start/(guides|guides-files)',
  'storage/(antivirus|drivers|readiness|s3|transfers)',
  'sweeping/(expired-rows|files)',
  'tenant-archive/(archive|erase|foreign-log|stores)',
];

/** Specs that run in both, and there with more cases (SCALE). */
export const SCALED = ['concurrency/closure', 'isolation/model', 'isolation/revocation', 'limits/rate-limits'];
