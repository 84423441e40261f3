/** One thing that the tour did: what was sent, what had to come of it, and what came. */
export interface Check {
  /** the request or the statements, as a reader would type them; secrets left out */
  did: readonly string[];
  expected: string;
  came: string;
  /** what helps to believe it: the server's own words, a sample */
  note?: string;
}

/** A chapter of the tour. Checks are told as they come, so that whoever watches sees which one takes its time. */
export interface Step {
  title: string;
  /** why anybody should care, in a sentence */
  why: string;
  run(): AsyncIterable<Check>;
}

/** What is printed is what is compared: a check holds if both lines read the same. */
export const holds = (check: Check): boolean => check.expected === check.came;

/** A step that could not go on is a check that failed. */
export const brokenOff = (error: unknown): Check => ({
  did: [],
  expected: 'the step runs to its end',
  came: `it broke off: ${reasonOf(error)}`,
});

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
