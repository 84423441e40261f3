import { readFile } from 'node:fs/promises';

/** The auditor's program: one file that runs on Node alone. */
export const VERIFIER_NAME = 'ringfence-audit-verify.mjs';

export const verifierFile = (): Promise<Buffer> =>
  readFile(new URL(`../../../audit-verifier/${VERIFIER_NAME}`, import.meta.url));
