import { defineCrudPermissions } from '../../route/index.js';

/** Rights on deals. */
export const DealPermissions = defineCrudPermissions('deal', {
  read: 'viewer',
  create: 'member',
  update: 'member',
  delete: 'admin',
});
