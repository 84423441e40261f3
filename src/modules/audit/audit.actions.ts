import { defineAuditActions } from '../../route/index.js';

/** What is done with the log itself. That a person was erased, or old months dropped, is written by the database (migrations/0024, 0026). */
export const AuditActions = defineAuditActions('audit', {
  exported: 'Exported the whole audit log',
});
