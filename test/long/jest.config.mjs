import base from '../../jest.config.mjs';
import { LONG, SCALED } from './by-length.mjs';

// what `npm test` checks on a few thousand cases, here on a hundred thousand
process.env.SCALE ??= '34';

/** `npm run test:long`: what takes minutes. SCALE=1 makes it short, to see that it runs. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: undefined,
  testRegex: [`/test/(long/.*|${[...LONG, ...SCALED].join('|')})\\.spec\\.ts$`],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 30 * 60_000,
};
