import { defineCrudPermissions } from '../../route/index.js';

/** Rights on projects. */
export const ProjectPermissions = defineCrudPermissions('project', {
  read: 'viewer',
  create: 'member',
  update: 'member',
  delete: 'admin',
});
