import { defineAuditActions } from '../../route/index.js';

export const JobActions = defineAuditActions('job', {
  retried: 'Had a dead background job run once more',
});
