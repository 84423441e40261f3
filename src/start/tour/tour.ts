import { Home } from '../home.js';
import { brokenOff, type Step } from './check.js';
import { guestOf } from './guest.js';
import { runningInstance } from './instance.js';
import { Report } from './report.js';
import { createAsViewer, forgeTenant } from './steps/forgery.js';
import { changeOthers, readOthers } from './steps/other-tenants-records.js';
import { askTheDatabase, climbOut } from './steps/raw-sql.js';
import { revoke } from './steps/revocation.js';
import { listDeals, signIn } from './steps/sign-in.js';
import { Visit } from './visit.js';

/**
 * The guided tour: tries, against a running demo, what must not work, and shows that it does not. Leaves the data as it
 * found them.
 * @returns whether every check came as expected
 * @throws CliError when no instance runs
 */
export async function takeTour(home: Home, out: (line: string) => void): Promise<boolean> {
  const visit = new Visit(await runningInstance(home));
  const report = new Report(out);
  report.opening(visit.instance.demo.baseUrl);
  const release = putBackOnSignal(visit, out);
  const since = performance.now();
  let left: readonly Step[];
  let faults: Error[];
  try {
    left = await walk(stepsOf(visit), report);
  } finally {
    faults = await visit.end();
    release();
  }
  for (const fault of faults) report.check(brokenOff(fault));
  return report.summary(
    (performance.now() - since) / 1000,
    left.map(({ title }) => title),
  );
}

/** In this order: each step uses what those before it brought. */
function stepsOf(visit: Visit): Step[] {
  return [
    signIn(visit),
    listDeals(visit),
    readOthers(visit),
    changeOthers(visit),
    forgeTenant(visit),
    askTheDatabase(visit),
    climbOut(visit),
    createAsViewer(visit, guestOf(visit.instance.demo, 'acme', 'viewer')),
    revoke(visit),
  ];
}

/** Step by step; one that breaks off ends the walk. @returns the steps that were not reached */
export async function walk(steps: readonly Step[], report: Report): Promise<readonly Step[]> {
  for (const [index, step] of steps.entries()) {
    report.step(index + 1, step.title, step.why);
    try {
      for await (const check of step.run()) report.check(check);
    } catch (error) {
      report.check(brokenOff(error));
      return steps.slice(index + 1);
    }
  }
  return [];
}

/** Ctrl-C in the middle puts everything back before it ends. @returns takes the handlers off again */
function putBackOnSignal(visit: Visit, out: (line: string) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const stop = (): void => {
    out('\nInterrupted: putting back what was changed');
    void visit.end().then(() => process.exit(130));
  };
  for (const signal of signals) process.on(signal, stop);
  return () => signals.forEach((signal) => process.off(signal, stop));
}
