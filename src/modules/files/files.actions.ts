import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const FileActions = defineAuditActions('file', {
  created: 'Announced a file of a record, to be uploaded',
  versionAdded: 'Announced a further version of a file',
  completed: 'Finished an upload: the bytes are what was announced',
  rejected: 'Discarded an upload that was not what was announced',
  infected: 'Discarded an upload in which the antivirus scanner found something',
  cleared: 'Offered an upload in which the antivirus scanner found nothing',
  downloaded: 'Got a URL to download a file',
  deleted: 'Deleted a file; it can be restored for a while',
  restored: 'Restored a deleted file',
  purged: 'Removed a deleted file for good',
  abandoned: 'Removed an upload that nobody finished',
  lost: 'Found that the bytes of a file are gone',
  found: 'Found the bytes of a lost file again',
});

defineWebhookEvents(
  FileActions.completed,
  FileActions.cleared,
  FileActions.infected,
  FileActions.deleted,
  FileActions.restored,
  FileActions.purged,
);
