import { appendFileSync } from 'node:fs';

/** Writes down a line for each spec that ran; jest gives up behind the first that goes red. */
export default class Ran {
  onTestResult({ path }, { numFailingTests, perfStats, testExecError }) {
    const red = numFailingTests > 0 || Boolean(testExecError);
    const seconds = (perfStats.end - perfStats.start) / 1000;
    appendFileSync(process.env.MUTATION_OUTCOME ?? '', `${JSON.stringify({ path, seconds, red })}\n`);
  }
}
