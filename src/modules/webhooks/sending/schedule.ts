/** Seconds between attempts: a day and a little in all (Standard Webhooks, "Retry schedule"). */
const PAUSES = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000] as const;

/** The first one, and one behind each pause. */
export const ATTEMPTS = PAUSES.length + 1;

/** What Retry-After may ask for at most: the longest pause. */
const LONGEST = Math.max(...PAUSES);

/** Up to so much longer: what failed at one moment does not come back at one moment. */
const JITTER = 0.2;

/**
 * @param attempt that failed, from 1
 * @param retryAfter seconds that the receiver asks for
 * @returns seconds until the next one; undefined: it was the last
 */
export function pauseAfter(attempt: number, retryAfter = 0, random = Math.random()): number | undefined {
  const pause = PAUSES[attempt - 1];
  if (pause === undefined) return undefined;
  return Math.max(Math.round(pause * (1 + JITTER * random)), Math.min(retryAfter, LONGEST));
}
