import { defineProblem, type DomainError } from './domain-error.js';

// Kinds of problems that more than one part of the server throws. The others stand beside what throws them.

// who is asking

export const notAuthenticated = defineProblem('not_authenticated', {
  status: 401,
  meaning: 'There is no valid credential with this request: none, or one that is malformed, expired or revoked.',
  todo: 'Sign in or refresh, and send the access token as `Authorization: Bearer`.',
});

export const sessionEnded = defineProblem('session_ended', {
  status: 401,
  meaning: 'This session no longer counts.',
  todo: 'Sign in again.',
});

/** One for every API key that does not count, so that it tells nobody which it is. */
export const apiKeyVoid = defineProblem('api_key_void', {
  status: 401,
  meaning: 'This API key does not count: it is mistyped, revoked, expired, not confirmed, or of another installation.',
  todo: 'Ask an administrator of the tenant, who sees with GET /v1/api-keys what has become of it.',
});

export const tenantSuspended = defineProblem('tenant_suspended', {
  status: 403,
  meaning: 'This tenant is suspended.',
  todo: 'Ask the operators of the installation; another tenant can be chosen with POST /v1/auth/switch-tenant.',
});

export const membershipSuspended = defineProblem('membership_suspended', {
  status: 403,
  meaning: 'Your membership of this tenant is suspended.',
  todo: 'Ask an administrator of the tenant; another one can be chosen with POST /v1/auth/switch-tenant.',
});

export const aal2Required = defineProblem('aal2_required', {
  status: 403,
  meaning: 'This needs a second factor, or one that was given more recently.',
  todo: 'Give it with POST /v1/auth/mfa/verify, and send the request again with the tokens that it answers with.',
  extras: { requiredAal: 'aal2' },
});

const lacksPermission = defineProblem('permission_missing', {
  status: 403,
  meaning: 'The role does not have the permission that `missingPermission` names.',
  todo: 'Ask an administrator of the tenant for it.',
});
export const permissionMissing = (permission: string): DomainError =>
  lacksPermission(`Your role does not have the permission ${permission}.`, { missingPermission: permission });

export const notAllowed = defineProblem('not_allowed', {
  status: 403,
  meaning: 'A rule does not allow this for you.',
  todo: 'Do not repeat it; POST /v1/access/explain says for a record which rule it was.',
});

/** The one answer for what does not exist and for what the caller may not see. */
export const notFound = defineProblem('not_found', {
  status: 404,
  meaning: 'There is nothing here that you can see.',
  todo: 'Check the path, the id and the tenant that you are in.',
});

// what is asked

export const validationFailed = defineProblem('validation_failed', {
  status: 400,
  meaning: 'Something in this request is not what the route takes.',
  todo: 'Correct the fields that `errors` names; what the API document does not declare is refused, too.',
});

export const contentTooLarge = defineProblem('content_too_large', {
  status: [413, 422],
  meaning: 'The body is larger than this route takes, or a file is larger than was announced.',
  todo: 'Send less, or announce the file anew with its true size.',
});

export const versionMismatch = defineProblem('version_mismatch', {
  status: 412,
  meaning: 'The record changed since you read it, or this route compares no versions.',
  todo: 'Read it again, decide anew, and send the new ETag as If-Match.',
});

export const rangeNotSatisfiable = defineProblem('range_not_satisfiable', {
  status: 416,
  meaning: 'The range begins behind the end of the content.',
  todo: 'Ask for one within the size that Content-Range tells.',
});

// when it is asked

export const notReady = defineProblem('not_ready', {
  status: [409, 503],
  meaning: 'What is asked for is not there yet.',
  todo: 'Ask again in a while.',
  operations: ['downloadFile', 'downloadTenantExport', 'getTenantErasure', 'readyz'],
});

export const requestTimeout = defineProblem('request_timeout', {
  status: 408,
  meaning: 'The request took too long to arrive.',
  todo: 'Send it again, over a faster connection if it is large.',
});
