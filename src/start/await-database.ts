import { setTimeout as sleep } from 'node:timers/promises';
import { reach } from '../database/reach.js';
import { describeError } from '../errors/index.js';
import { StartError } from './start-error.js';

const RETRY_MS = 3_000;
/** Said at first, and again each minute. */
const SAID_EACH = 20;

/**
 * Waits until the server lets the roles in.
 * @param urls by the name of the variable that holds each
 * @throws StartError for what waiting does not change, as a wrong password
 */
export async function awaitDatabase(urls: Readonly<Record<string, string>>, retryMs = RETRY_MS): Promise<void> {
  for (const [variable, url] of Object.entries(urls)) {
    for (let n = 0; ; n += 1) {
      const away = await reach(url).catch((error: unknown) => {
        throw new StartError(`The database does not let ${variable} in: ${describeError(error).message}`);
      });
      if (away === undefined) break;
      if (n % SAID_EACH === 0) process.stdout.write(`Waiting for the database: ${describeError(away).message}\n`);
      await sleep(retryMs);
    }
  }
}
