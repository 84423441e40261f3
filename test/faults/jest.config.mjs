import base from '../../jest.config.mjs';

/** `npm run test:faults`: what is killed, stopped and slowed while it is used. Starts servers of its own, on 127.0.0.1 alone. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: undefined,
  globalTeardown: undefined,
  testTimeout: 5 * 60_000,
};
