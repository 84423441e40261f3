import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const ProjectActions = defineAuditActions('project', {
  created: 'Made a project',
  updated: 'Changed fields of a project',
  deleted: 'Deleted a project',
});

defineWebhookEvents(ProjectActions.created, ProjectActions.updated, ProjectActions.deleted);
