/** What TypeScript knows of the verifier, which is plain JavaScript so that an auditor can run it as it is. */

/** The export is not what was sealed. Its message is safe to print. */
export class AuditFault extends Error {
  exitCode: 1;
  /** the first row that does not fit, or the first of those that may not */
  row: number | undefined;
}

/** There is nothing to check, or nothing to check it with. Its message is safe to print. */
export class UnusableInput extends Error {
  exitCode: 2;
}

/** The tree of RFC 6962 section 2.1 over leaf hashes that come one by one; a hash is lower-case hex. */
export class MerkleTree {
  size: number;
  append(leafHash: string): void;
  root(): string;
}

/** What was proved. Texts are as in the export: print them through `inert`. */
export interface ProvedAudit {
  tenantId: string;
  exportedAt: string;
  size: number;
  rows: number;
  /** rows of which only the hash is there; entries of the log say that retention removed as many */
  pruned: number;
  openings: number;
  /** times of the first and the last row that is kept; empty if there is none */
  firstAt: string;
  lastAt: string;
  /** base64, as in a checkpoint */
  root: string;
  checkpoints: number;
  keptCheckpoints: number;
  /** verifier keys whose signatures held */
  keys: string[];
  bytes: number;
}

export interface VerifyOptions {
  /** texts of checkpoints that the caller kept */
  checkpoints?: string[];
  /** verifier keys that the caller trusts; without them the export's own are taken */
  keys?: string[];
  onProgress?: (done: { rows: number; bytes: number }) => void;
}

/** Checks an export as it comes. @throws AuditFault for the first row that does not fit, UnusableInput */
export function verifyAudit(readable: AsyncIterable<Uint8Array>, options?: VerifyOptions): Promise<ProvedAudit>;

/** Checks a file, with a progress bar on a terminal. @returns lines that are safe to print @throws as verifyAudit */
export function verifyFile(options: {
  file: string;
  checkpointFiles?: string[];
  keys?: string[];
  quiet?: boolean;
}): Promise<string[]>;

/** The text with control characters, and those that turn the reading direction, spelled out. */
export function inert(text: string): string;
