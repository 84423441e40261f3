import { definePermission } from '../../route/index.js';

export const SessionPermissions = {
  end: definePermission('session:end', 'End the sessions of a member whose role is below one’s own', 'admin'),
};
