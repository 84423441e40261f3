/**
 * Specs that `npm test` leaves to `npm run test:long`, though they lie beside those that it runs: they wait, race, kill or
 * hash for long, and what they are about has quicker specs, too.
 */
export const LONG = [
  'audit/(every-mutation|export|sealer-upkeep)',
  'concurrency/(invitation-races|one-shot|roles-races)',
  'e2e/(every-operation|guessing)',
  'embedded/(accounts|crash)',
  'integration/(mail-crash|mail-failures|mail-tls|password-hasher|secrets)',
  'isolation/(canonical-email|explain)',
  'jobs/broken',
  'start/(guides|guides-files)',
  'storage/(s3|transfers)',
  'sweeping/files',
  'tenant-archive/(archive|stores)',
];

/** Specs that run in both, and there with more cases (SCALE). */
export const SCALED = ['concurrency/closure', 'isolation/model'];
