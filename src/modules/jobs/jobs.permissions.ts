import { definePermission } from '../../route/index.js';

/** Rights on jobs of others; one's own one sees without. */
export const JobPermissions = {
  read: definePermission('job:read', 'See the background jobs of everybody here', 'admin'),
  update: definePermission('job:update', 'Run a dead background job once more', 'admin'),
};
