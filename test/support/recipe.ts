import type { TestApp } from './app.js';
import type { Call } from './call.js';
import type { TestDatabase } from './database.js';
import type { TestClock } from './totp.js';

/** One valid call of an operation, ready to be made again for as long as it has failed. */
export interface Ready {
  /** what stands for the parameters of the path */
  path?: Record<string, string>;
  /** asked anew for each call: what is good for one try alone is made then */
  call: Call | (() => Promise<Call>);
  /** whose logs it belongs in; `answered`: of the tenant whose id is answered */
  logs: string[];
}

export interface Stage {
  app: TestApp;
  db: TestDatabase;
  clock: TestClock;
}
