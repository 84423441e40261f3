import base from '../../jest.config.mjs';

/** `npm run test:browser`: the same parts as `npm test`, and a real browser in front of them. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
};
