import { writeFileSync } from 'node:fs';

/** Writes down the first spec that goes red; jest gives up behind it. */
export default class FirstRed {
  onTestResult({ path }, { numFailingTests, testExecError }) {
    if (numFailingTests > 0 || testExecError) writeFileSync(process.env.MUTATION_OUTCOME ?? '', path, { flag: 'a' });
  }
}
