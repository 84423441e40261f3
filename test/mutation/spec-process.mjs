import { runCLI } from 'jest';
import { join } from 'node:path';

/*
 * A process that runs one spec after the other and stays: what the application's modules were compiled to is kept by the test
 * environment (test/support/node-environment.mjs), and would be made anew by each process.
 */
const config = join(process.cwd(), 'test/mutation/jest.config.mjs');

process.on('message', async ({ spec, env }) => {
  Object.assign(process.env, env);
  const argv = { _: [spec], $0: 'jest', config, runInBand: true, runTestsByPath: true, silent: true };
  const { results } = await runCLI(argv, [process.cwd()]);
  const [{ numFailingTests = 0, testExecError, perfStats } = {}] = results.testResults;
  const red = numFailingTests > 0 || Boolean(testExecError) || results.numTotalTests === 0;
  process.send({ red, seconds: perfStats ? (perfStats.end - perfStats.start) / 1000 : 0 });
});
