import type { Checked, faultsByContract } from './contract-check.js';

export type { Checked };

/**
 * What is wrong with an answer, by the OpenAPI document of the code as it is: an undocumented status, media type, header or
 * property, a promised header that is missing, a value that its schema refuses. Empty for nothing, and for what the document
 * does not have (unknown paths, probe modules, pages).
 */
export const checkAnswer = (answer: Checked): string[] =>
  (globalThis as unknown as { faultsByContract: typeof faultsByContract }).faultsByContract(answer);

/** @throws Error that names operation, status and place, for an answer that the document does not have */
export function assertByContract(answer: Checked): void {
  const faults = checkAnswer(answer);
  if (faults.length > 0) throw new Error(`not as openapi.json says:\n${faults.join('\n')}`);
}
