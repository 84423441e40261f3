import type { Allowance } from '../../src/modules/doctor/index.js';

/** What the doctor finds here and is meant. In a fork these lines stand in src/modules/doctor/allowed.ts. */
export const APPROVALS_ALLOWED: readonly Allowance[] = [
  {
    check: 'tenant-column',
    object: 'app.approval_limits',
    reason: 'The limits are the same for every tenant and public, and the application may only read them.',
    date: '2026-11-22',
  },
  {
    check: 'rls-forced',
    object: 'app.approval_limits',
    reason: 'It has no rows of a tenant, so there is nothing to tell apart.',
    date: '2026-11-22',
  },
  {
    check: 'policy-call-per-row',
    object: 'app.approvals.large_needs_aal2',
    reason: 'The limit depends on the row, and the rule is asked of the one row that is decided on, never of a list.',
    date: '2026-11-22',
  },
];
