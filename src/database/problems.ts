import { defineProblem, type DomainError } from '../errors/index.js';

// What the database refuses by itself; sqlstate.ts says by which code.

export const invalidValue = defineProblem('invalid_value', {
  status: 400,
  meaning: 'A value in this request has a form that cannot be stored, or is outside what is allowed.',
  todo: 'Correct it; the API document says what each field takes.',
});

export const referenceConflict = defineProblem('reference_conflict', {
  status: 409,
  meaning: 'Something this refers to does not exist, or something still refers to it.',
  todo: 'Read what is named in the request, and decide anew.',
});

const referenceUnseen = defineProblem('reference_not_found', {
  status: 422,
  meaning: 'This names a record that is not there, or that you do not see; `errors` says in which field.',
  todo: 'Name one that you can read.',
});
/** @param column of the table: `project_id` is the field `projectId` */
export const referenceNotFound = (column: string): DomainError => {
  const field = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return referenceUnseen(undefined, { errors: [{ field, message: `${field} names nothing that you can read` }] });
};

export const alreadyExists = defineProblem('already_exists', {
  status: 409,
  meaning: 'Something with these values exists already.',
  todo: 'Use what is there, or choose other values.',
});

export const concurrentChange = defineProblem('concurrent_change', {
  status: 409,
  meaning: 'Somebody changed the same thing at the same time.',
  todo: 'Read again, and try again.',
});

// the fence

export const tokenVoid = defineProblem('token_void', {
  status: 401,
  meaning: 'This token is not valid.',
  todo: 'Sign in again.',
});

export const tenantIsFixed = defineProblem('tenant_is_fixed', {
  status: 403,
  meaning: 'The tenant of a record cannot change.',
  todo: 'Create the record in the other tenant.',
});

export const visibilityIsTheOwners = defineProblem('visibility_is_the_owners', {
  status: 403,
  meaning: 'Only the owner of a record narrows who sees it.',
  todo: 'Ask its owner, or have it handed over first.',
});

export const notTheOwner = defineProblem('not_the_owner', {
  status: 403,
  meaning: 'A record is handed over by its owner, or by somebody whose role is above theirs.',
  todo: 'Ask one of them.',
});

export const appendOnly = defineProblem('append_only', {
  status: 403,
  meaning: 'What the audit log holds stays as it is.',
  todo: 'Do not repeat it.',
});

export const auditNotSealed = defineProblem('audit_not_sealed', {
  status: 409,
  meaning: 'Entries of the audit log that have no number yet stay.',
  todo: 'Try again when they have been sealed.',
});

export const notAnOperator = defineProblem('not_an_operator', {
  status: 403,
  meaning: 'This is for the operators of the installation.',
  todo: 'Do not repeat it.',
});

// the state of the database

const TRANSIENT = 'Send the request again after Retry-After seconds.';

export const databaseBusy = defineProblem('database_busy', {
  status: 503,
  meaning: 'The database is busy.',
  todo: TRANSIENT,
  extras: { retryAfterSeconds: 2 },
});

export const databaseUnavailable = defineProblem('database_unavailable', {
  status: 503,
  meaning: 'The database cannot be reached.',
  todo: TRANSIENT,
  extras: { retryAfterSeconds: 5 },
});

export const databaseReadOnly = defineProblem('database_read_only', {
  status: 503,
  meaning: 'The database takes no changes at the moment.',
  todo: TRANSIENT,
  extras: { retryAfterSeconds: 5 },
});

export const auditUnavailable = defineProblem('audit_unavailable', {
  status: 503,
  meaning: 'What is done here is recorded, and that failed: so it was not done.',
  todo: TRANSIENT,
  extras: { retryAfterSeconds: 5 },
});
