import { defineProblem } from '../../errors/index.js';

export const confirmationMismatch = defineProblem('confirmation_mismatch', {
  status: 422,
  meaning: 'This cannot be taken back, and `confirm` is not the slug of the tenant.',
  todo: 'Make sure that it is the tenant which is meant, and send its slug.',
  operations: ['eraseTenant'],
});

export const exportExpired = defineProblem('export_expired', {
  status: 410,
  meaning: 'This export has expired.',
  todo: 'Ask for another one.',
  operations: ['downloadTenantExport'],
});
