import { appendFileSync } from 'node:fs';

/** Copied into what is watched: writes down that a refusal was reached, by which spec. @returns true */
export function wasReached(number: number): true {
  const { REACHED, REACHED_BY } = process.env;
  if (REACHED) appendFileSync(REACHED, `${number} ${REACHED_BY}\n`);
  return true;
}
