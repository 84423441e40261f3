import base from '../../jest.config.mjs';

// what `npm test` checks on a few thousand cases, here on a hundred thousand
process.env.SCALE ??= '34';

/** `npm run test:long`: what takes minutes. SCALE=1 makes it short, to see that it runs. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: [
    '<rootDir>/test/long/**/*.spec.ts',
    '<rootDir>/test/embedded/{accounts,crash}.spec.ts',
    '<rootDir>/test/e2e/every-operation.spec.ts',
    '<rootDir>/test/isolation/{canonical-email,model}.spec.ts',
    '<rootDir>/test/concurrency/{closure,one-shot}.spec.ts',
    '<rootDir>/test/integration/{mail-crash,password-hasher}.spec.ts',
    '<rootDir>/test/start/guides{,-files}.spec.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 30 * 60_000,
};
