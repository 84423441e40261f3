import type { Check, Finding } from './check.js';

/**
 * pass: nothing found. found: something that nobody allowed. accepted: all that was found is allowed, each with its
 * reason. skipped: it could not run, and nothing is known.
 */
export const CHECK_STATUSES = ['pass', 'found', 'accepted', 'skipped'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** BLOCK: no server serves on this. FIX: a layer is missing, or a check could not run. PASS: neither. */
export const VERDICTS = ['PASS', 'FIX', 'BLOCK'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Something that a check found; with `allowed`, why it may stay. */
export interface JudgedFinding extends Finding {
  allowed?: { reason: string; date: string };
}

/** A check with what came of it. */
export interface CheckReport extends Pick<Check, 'id' | 'title' | 'severity' | 'why' | 'mend'> {
  status: CheckStatus;
  /** of the repository: docs/doctor/<id>.md */
  page: string;
  findings: JudgedFinding[];
  /** why it was skipped */
  skipped?: string;
}

/** What the doctor says about a database. */
export interface Report {
  /** RFC 3339, UTC */
  at: string;
  /** version of the server, as it says it itself */
  server: string;
  database: string;
  /** the roles that asked */
  roles: string[];
  verdict: Verdict;
  checks: CheckReport[];
}
