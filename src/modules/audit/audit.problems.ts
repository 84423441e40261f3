import { defineProblem } from '../../errors/index.js';

export const sizeNotReached = defineProblem('size_not_reached', {
  status: 422,
  meaning: 'The log does not have so many numbered entries.',
  todo: 'Use a size that GET /v1/audit-log/checkpoints lists.',
  operations: ['proveAuditConsistency'],
});

export const notSealedYet = defineProblem('not_sealed_yet', {
  status: 409,
  meaning: 'This entry has no number yet.',
  todo: 'Ask again after Retry-After seconds: it gets one within seconds.',
  operations: ['proveAuditEntry'],
});
