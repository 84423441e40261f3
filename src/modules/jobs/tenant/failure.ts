import { DomainError } from '../../../errors/index.js';
import { refusalFor } from '../../../database/index.js';
import { codeOf } from '../queue/outcome.js';
import { PermanentJobError } from '../queue/queue-handler.js';
import { JobPayloadError } from './payload.js';

/** Why a try ended, and whether another one may end differently. */
export interface Failure {
  code: string;
  permanent: boolean;
}

/** Refusals that pass: of a tenant that may be resumed, of a capability that another try replaces, of a race. */
const PASSES = new Set([
  'tenant_suspended',
  'session_ended',
  'concurrent_change',
  'job_not_running',
  'version_mismatch',
]);

/** The run was ended from outside: its time was over, or its process stops. */
export class JobInterruptedError extends Error {
  override name = 'JobInterruptedError';
  constructor(readonly code: 'timeout' | 'interrupted') {
    super(code);
  }
}

/** Never throws, whatever was thrown: a job whose failure is not noted would stay under way. */
export function failureOf(error: unknown): Failure {
  try {
    return known(error);
  } catch {
    return { code: codeOf(error), permanent: false };
  }
}

function known(error: unknown): Failure {
  if (error instanceof JobInterruptedError) return { code: error.code, permanent: false };
  if (error instanceof JobPayloadError) return { code: 'payload_invalid', permanent: true };
  if (error instanceof PermanentJobError) return { code: codeOf(error), permanent: true };
  const refusal = error instanceof DomainError ? error : refusalFor(error);
  const final = refusal !== undefined && refusal.status < 500 && refusal.status !== 429 && !PASSES.has(refusal.code);
  return { code: codeOf(error), permanent: final };
}
