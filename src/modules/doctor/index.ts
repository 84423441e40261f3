export type { Allowance } from './allowed.js';
export { assertIsolated } from './boot.js';
export { type Ask, examine } from './doctor.js';
export {
  CHECK_STATUSES,
  type CheckReport,
  type CheckStatus,
  type JudgedFinding,
  type Report,
  type Verdict,
  VERDICTS,
} from './report.js';
