import { definePermission } from '../../route/index.js';

export const AuditPermissions = {
  read: definePermission('audit:read', 'Read the audit log, and what proves it', 'admin'),
  export: definePermission('audit:export', 'Export the whole audit log', 'admin'),
} as const;
