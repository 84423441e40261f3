import { definePermission } from '../../route/index.js';

/** Why one may or may not oneself, everybody is told. */
export const AccessPermissions = {
  explain: definePermission(
    'access:explain',
    'Be told what another member may do, and who sees a record that one sees',
    'admin',
  ),
};
