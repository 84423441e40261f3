import { LONG } from './test/long/by-length.mjs';

/** Real parts only: one embedded PostgreSQL for the run (globalSetup), one clone of a template database per spec file. */
export default {
  rootDir: '.',
  testEnvironment: '<rootDir>/test/support/node-environment.mjs',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  // npm run test:browser, test:faults, test:long
  testPathIgnorePatterns: ['/node_modules/', '/test/(browser|long|faults)/', `/test/(${LONG.join('|')})\\.spec\\.ts$`],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  maxWorkers: 2,
  testTimeout: 30_000,
  errorOnDeprecated: true,
  restoreMocks: true,
};
