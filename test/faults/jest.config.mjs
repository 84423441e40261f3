import base from '../../jest.config.mjs';

const without = (process.env['FAULTS_WITHOUT'] ?? '').split(',');

/**
 * `npm run test:faults`: what is killed, stopped, filled and slowed while it is used. Starts servers of its own, on 127.0.0.1
 * alone, one after the other, and ends them. FAULTS_WITHOUT=pooler,disk leaves out what a machine cannot do.
 */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/**/*.spec.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(without.includes('pooler') ? ['/pooler\\.spec\\.ts$'] : []),
    ...(without.includes('disk') ? ['/full-disk\\.spec\\.ts$'] : []),
  ],
  reporters: ['default', '<rootDir>/test/faults/summary.mjs'],
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
  testTimeout: 5 * 60_000,
};
