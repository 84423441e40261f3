import { defineAuditActions } from '../../route/index.js';

/** What is done to the installation and its tenants. What concerns a tenant stands in its own log as well. */
export const PlatformActions = defineAuditActions(
  'platform',
  {
    tenantsListed: 'Listed all tenants',
    tenantRead: 'Read a tenant',
    tenantProvisioned: 'Made a tenant',
    tenantSuspended: 'Suspended a tenant',
    tenantResumed: 'Resumed a tenant',
    tenantExported: 'Exported a tenant, whole',
    tenantImported: 'Imported a tenant from an archive',
    tenantErased: 'Erased a tenant',
    tenantExportRequested: 'Asked for an export of a tenant',
    tenantExportRead: 'Read how an export of a tenant goes',
    tenantExportDownloaded: 'Downloaded an export of a tenant',
    tenantErasureRequested: 'Asked for a tenant to be erased',
    tenantErasureRead: 'Read how the erasure of a tenant goes',
    tenantQuotaChanged: 'Changed how many bytes the files of a tenant may have',
    ownerInvited: 'Invited the first owner of a tenant anew',
    memberAdded: 'Made somebody a member of a tenant',
    operatorAdded: 'Made somebody an operator',
    operatorRemoved: 'Made an operator one no longer',
    isolationRead: 'Had the isolation of the tenants examined',
    signingKeyRotated: 'Made a new key that signs access tokens',
    secretsRewrapped: 'Encrypted with another key of the key ring what is kept encrypted',
  },
  { targetType: 'tenant' },
);
