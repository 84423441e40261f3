import { defineProblem, type DomainError } from '../errors/index.js';

// What functions of the database refuse for the features that call them; sqlstate.ts says by which code.

// roles

const ROLE_CHANGES = ['createRole', 'updateRole', 'deleteRole', 'setRolePermissions', 'setRoleParents'];

export const roleCycle = defineProblem('role_cycle', {
  status: 409,
  meaning: 'A role cannot be above itself.',
  todo: 'Choose parents that are not below the role.',
  operations: ['setRoleParents'],
});

export const roleNotBelow = defineProblem('role_not_below', {
  status: 403,
  meaning: 'This needs a role that is below yours.',
  todo: 'Choose one that is, or ask somebody whose role is above it.',
});

const permissionUnheld = defineProblem('permission_not_held', {
  status: 403,
  meaning: 'You cannot give out the permission that `missingPermission` names, since you do not have it.',
  todo: 'Leave it out, or ask somebody who has it.',
});
export const permissionNotHeld = (permission: string): DomainError =>
  permissionUnheld(`You cannot give out ${permission || 'a permission'}, which you do not have.`, {
    missingPermission: permission,
  });

export const permissionUnknown = defineProblem('permission_unknown', {
  status: 400,
  meaning: 'A permission is named that does not exist.',
  todo: 'Use those that GET /v1/permissions lists.',
});

export const lastOwner = defineProblem('last_owner', {
  status: 409,
  meaning: 'A tenant keeps at least one owner.',
  todo: 'Make somebody else an owner first.',
  operations: ['assignRole', 'leaveTenant', 'removeMember'],
});

export const roleInUse = defineProblem('role_in_use', {
  status: 409,
  meaning: 'Members, invitations or records have this role.',
  todo: 'Give them another one first.',
  operations: ['deleteRole'],
});

export const rootRoleImmutable = defineProblem('root_role_immutable', {
  status: 403,
  meaning: 'The owner role does not change.',
  todo: 'Change another role, or create one.',
  operations: ROLE_CHANGES.slice(1),
});

export const roleWithoutParent = defineProblem('role_without_parent', {
  status: 422,
  meaning: 'A role stands below at least one other.',
  todo: 'Name a parent in `parentIds`.',
  operations: ['createRole', 'setRoleParents'],
});

export const roleSlugReserved = defineProblem('role_slug_reserved', {
  status: 409,
  meaning: 'Only an owner gives a role the slug of a standard role.',
  todo: 'Choose another slug.',
  operations: ['createRole', 'updateRole'],
});

export const roleNotFound = defineProblem('role_not_found', {
  status: 422,
  meaning: 'There is no such role in this tenant.',
  todo: 'Use one that GET /v1/roles lists.',
});

// members and invitations

export const memberOwnsRecords = defineProblem('member_owns_records', {
  status: 409,
  meaning: 'They own records, which need another owner.',
  todo: 'Name an heir, who gets them.',
  operations: ['leaveTenant', 'removeMember'],
});

export const heirNotAMember = defineProblem('heir_not_a_member', {
  status: 422,
  meaning: 'Whoever gets the records must be an active member of this tenant.',
  todo: 'Name one that GET /v1/members lists as active.',
});

export const alreadyMember = defineProblem('already_member', {
  status: 409,
  meaning: 'They are a member of this tenant already.',
  todo: 'Change their role instead, if that is what is meant.',
  operations: ['acceptInvitation', 'createInvitation', 'inviteTenantOwner'],
});

export const invitationInvalid = defineProblem('invitation_invalid', {
  status: 404,
  meaning: 'This invitation does not count any more, or never did.',
  todo: 'Ask for a new one.',
  operations: ['acceptInvitation', 'previewInvitation'],
});

export const invitationPending = defineProblem('invitation_pending', {
  status: 409,
  meaning: 'An invitation to this address is pending.',
  todo: 'Resend or revoke it.',
  operations: ['createInvitation'],
});

export const notAnOwner = defineProblem('not_an_owner', {
  status: 403,
  meaning: 'Ownership is handed over by an owner, and by nobody else.',
  todo: 'Ask an owner of the tenant.',
  operations: ['transferOwnership'],
});

export const tenantHasOwner = defineProblem('tenant_has_owner', {
  status: 409,
  meaning: 'This tenant has an owner: from now on ownership is its own affair.',
  todo: 'Ask that owner.',
  operations: ['inviteTenantOwner'],
});

// idempotency keys

export const requestInFlight = defineProblem('request_in_flight', {
  status: 409,
  meaning: 'A request with this Idempotency-Key is under way.',
  todo: 'Send it again a moment later to have its answer.',
  extras: { retryAfterSeconds: 1 },
});

// jobs and files

export const jobNotRunning = defineProblem('job_not_running', {
  status: 409,
  meaning: 'This job is not under way here any more.',
  todo: 'Nothing: another run of it has taken over.',
});

export const tooManyJobs = defineProblem('too_many_jobs', {
  status: 429,
  meaning: 'Too many jobs of this tenant wait.',
  todo: 'Try again when some are done; Retry-After is a good first guess.',
  extras: { retryAfterSeconds: 60 },
});

export const storageQuotaExceeded = defineProblem('storage_quota_exceeded', {
  status: 409,
  meaning: 'The tenant has no room for this.',
  todo: 'Delete files, or ask for more room.',
  operations: ['createFile', 'addFileVersion'],
});

export const recordNotWritable = defineProblem('record_not_writable', {
  status: 403,
  meaning: 'Whoever changes the files of a record must be allowed to change the record.',
  todo: 'Ask somebody who may.',
  operations: ['createFile', 'addFileVersion', 'completeFile', 'deleteFile', 'restoreFile'],
});

export const fileState = defineProblem('file_state', {
  status: 409,
  meaning: 'The file is not in a state for this: somebody completes it already, or it is done.',
  todo: 'Read it with GET /v1/files/{id}, and decide anew.',
  operations: ['completeFile'],
});

// moving and erasing tenants

export const tenantNotSuspended = defineProblem('tenant_not_suspended', {
  status: 409,
  meaning: 'A tenant is suspended before it is erased, and goes altogether.',
  todo: 'Suspend it first.',
  operations: ['eraseTenant'],
});

export const tenantExists = defineProblem('tenant_exists', {
  status: 409,
  meaning: 'There is such a tenant, or a log of it.',
  todo: 'Nothing, if it is the same one; else choose another name.',
});

export const tenantArchiveUnderWay = defineProblem('tenant_archive_under_way', {
  status: 409,
  meaning: 'An export or an erasure of this tenant is under way.',
  todo: 'Wait for it.',
  operations: ['eraseTenant', 'exportTenant'],
});

// API keys

export const sessionRequired = defineProblem('session_required', {
  status: 403,
  meaning: 'This is for somebody who is signed in, and not for an API key.',
  todo: 'Do it with the access token of a person.',
});

export const tooManyApiKeys = defineProblem('too_many_api_keys', {
  status: 409,
  meaning: 'A tenant has a hundred API keys at most.',
  todo: 'Delete some first.',
  operations: ['createApiKey'],
});

export const apiKeyNotYours = defineProblem('api_key_not_yours', {
  status: 403,
  meaning: 'Whoever answers for an API key replaces its secret.',
  todo: 'Answer for it first, with POST /v1/api-keys/{id}/confirm.',
  operations: ['rotateApiKey'],
});

export const apiKeyExpired = defineProblem('api_key_expired', {
  status: 409,
  meaning: 'This API key has expired.',
  todo: 'Make another one.',
  operations: ['rotateApiKey', 'confirmApiKey'],
});
