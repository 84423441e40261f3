import type { CheckReport, Report, Verdict } from '../../modules/doctor/index.js';

/** What a reader is told first about a check. */
export type Outcome = 'pass' | 'ACCEPT' | 'FIX' | 'BLOCK' | 'skipped';

export const outcomeOf = ({ status, severity }: CheckReport): Outcome =>
  status === 'found' ? severity : status === 'accepted' ? 'ACCEPT' : status;

/** How many of each: "40 pass, 2 ACCEPT, 1 BLOCK". */
export function tally({ checks }: Report): string {
  const order: readonly Outcome[] = ['pass', 'ACCEPT', 'FIX', 'BLOCK', 'skipped'];
  const counts = order.map((outcome) => [checks.filter((check) => outcomeOf(check) === outcome).length, outcome]);
  return counts
    .filter(([count]) => count !== 0)
    .map(([count, outcome]) => `${count} ${outcome}`)
    .join(', ');
}

/** What the verdict means for whoever runs the installation. */
export const MEANING: Readonly<Record<Verdict, string>> = {
  PASS: 'Every protection is in place; what is not is allowed, with its reason.',
  FIX: 'A layer is missing, or a check could not run. The fence holds as far as was seen.',
  BLOCK: 'Isolation is broken or can be lifted. Serve nobody from this database until it is mended.',
};
