import base from '../../jest.config.mjs';

/** The specs that the runner names, on the template that it has made: a run for each protection that is taken out. */
export default {
  ...base,
  globalSetup: undefined,
  globalTeardown: undefined,
  rootDir: '../..',
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: [],
};
