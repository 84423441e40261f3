import base from '../../jest.config.mjs';

/** `npm run test:browser`: the same parts as `npm test`, and a real browser in front of them. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000, // a browser on a busy machine is slow, and that is no fault
};
