import { definePermission } from '../../route/index.js';

/** Rights on files. Whoever changes one needs the right to change its record, too: the database asks. */
export const FilePermissions = {
  read: definePermission('file:read', 'See and download the files of each record that one sees', 'viewer'),
  create: definePermission('file:create', 'Add files to a record that one may change', 'member'),
  delete: definePermission('file:delete', 'Delete and restore files of a record that one may change', 'member'),
} as const;
