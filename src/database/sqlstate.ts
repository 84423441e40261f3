import {
  aal2Required,
  badRequest,
  conflict,
  DomainError,
  forbidden,
  notFound,
  permissionMissing,
  tooMany,
  unauthenticated,
  unavailable,
  unprocessable,
} from '../errors/index.js';

/** What pg and TypeORM put on an error that the server answered. */
interface ServerError {
  code?: string;
  constraint?: string;
  /** what our own functions say beside the code: the permission that is meant */
  detail?: string;
  /** the functions that it happened in */
  where?: string;
  driverError?: unknown;
}

type Refusal = (detail: string) => DomainError;

const malformed: Refusal = () =>
  badRequest('invalid_value', 'A value in this request has a form that cannot be stored.');
const busy: Refusal = () => unavailable('database_busy', 'The database is busy. Try again shortly.');
const down: Refusal = () =>
  unavailable('database_unavailable', 'The database cannot be reached. Try again shortly.', 5);

/** SQLSTATE (and class) to refusal: the one place. What is not here is a fault of ours and answers 500. */
export const SQLSTATES: Readonly<Record<string, Refusal>> = {
  // the client's values
  '22021': malformed, // character_not_in_repertoire
  '22P05': malformed, // untranslatable_character
  '22P02': malformed, // invalid_text_representation
  '22001': malformed, // string_data_right_truncation
  '22003': malformed, // numeric_value_out_of_range
  '22007': malformed, // invalid_datetime_format
  '22008': malformed, // datetime_field_overflow
  '22009': malformed, // invalid_time_zone_displacement_value
  '2201B': malformed, // invalid_regular_expression
  '54001': malformed, // statement_too_complex
  '23502': malformed, // not_null_violation
  '23514': () => badRequest('invalid_value', 'A value in this request is outside what is allowed.'),
  // the state of the data
  '23503': () =>
    conflict('reference_conflict', 'Something this refers to does not exist, or something still refers to it.'),
  '23505': () => conflict('already_exists', 'Something with these values exists already.'),
  '23P01': () => conflict('already_exists', 'This overlaps with something that exists already.'),
  // the fence and the rules
  '42501': () => forbidden('not_allowed', 'The database does not allow this for you.'),
  RF001: () => forbidden('tenant_is_fixed', 'The tenant of a record cannot change.'),
  RF002: () => forbidden('visibility_is_the_owners', 'Only the owner of a record narrows who sees it.'),
  RF003: () => conflict('role_cycle', 'A role cannot be above itself.'),
  RF004: () => aal2Required('This needs your second factor: POST /v1/auth/mfa/verify.'),
  RF005: () => forbidden('role_not_below', 'This needs a role that is below yours.'),
  RF006: (permission) =>
    forbidden('permission_not_held', `You cannot give out ${permission || 'a permission'}, which you do not have.`, {
      missingPermission: permission,
    }),
  RF007: permissionMissing,
  RF008: () => conflict('last_owner', 'A tenant keeps at least one owner.'),
  RF009: () => conflict('role_in_use', 'Members, invitations or records have this role.'),
  RF010: () => forbidden('root_role_immutable', 'The owner role does not change.'),
  RF011: () => unprocessable('role_without_parent', 'A role stands below at least one other.'),
  RF012: () => conflict('role_slug_reserved', 'Only an owner gives a role the slug of a standard role.'),
  RF013: (permission) => badRequest('permission_unknown', `There is no permission ${permission}.`),
  RF014: () =>
    new DomainError(412, 'version_mismatch', 'The record changed since you read it. Read it again and decide anew.'),
  RF015: () => conflict('member_owns_records', 'They own records. Name an heir, who gets them.'),
  RF016: () => unprocessable('role_not_found', 'There is no such role in this tenant.'),
  RF017: () => unprocessable('heir_not_a_member', 'Whoever gets the records must be an active member here.'),
  RF018: () => forbidden('not_the_owner', 'Its owner hands a record over, or somebody whose role is above theirs.'),
  RF019: () => conflict('already_member', 'They are a member of this tenant already.'),
  RF020: () =>
    new DomainError(
      404,
      'invitation_invalid',
      'This invitation does not count any more, or never did. Ask for a new one.',
    ),
  RF021: () => forbidden('not_an_owner', 'An owner hands ownership over.'),
  RF022: () => forbidden('not_an_operator', 'This is for the operators of the installation.'),
  RF023: () => unauthenticated('session_ended', 'This session no longer counts. Sign in again.'),
  RF024: () => conflict('invitation_pending', 'An invitation to this address is pending. Resend or revoke it.'),
  RF025: () => conflict('tenant_has_owner', 'This tenant has an owner. From now on ownership is its own affair.'),
  RF026: () => forbidden('append_only', 'What the audit log holds stays as it is.'),
  RF027: () => unauthenticated('session_ended', 'This session no longer counts. Sign in again.'),
  RF028: () => conflict('audit_not_sealed', 'Entries that have no number yet stay. Try again when they are sealed.'),
  RF029: () => conflict('job_not_running', 'This job is not under way here any more.'),
  RF030: () => conflict('storage_quota_exceeded', 'The tenant has no room for this. Delete files, or ask for more.'),
  RF031: () => forbidden('record_not_writable', 'Whoever changes its files must be allowed to change the record.'),
  RF032: () =>
    conflict('file_state', 'The file is not in a state for this: somebody completes it already, or it is done.'),
  RF033: () => tooMany('too_many_jobs', 'Too many jobs of this tenant wait. Try again when some are done.', 60),
  RF035: () => conflict('tenant_not_suspended', 'A tenant is suspended before it is erased, and goes altogether.'),
  RF036: () => conflict('tenant_exists', 'There is such a tenant, or a log of it.'),
  RF037: () =>
    conflict('tenant_archive_under_way', 'An export or an erasure of this tenant is under way. Wait for it.'),
  P0002: notFound, // no_data_found
  // transient
  '40001': () => conflict('concurrent_change', 'Somebody changed the same thing at the same time. Try again.'),
  '40P01': () => conflict('concurrent_change', 'Somebody changed the same thing at the same time. Try again.'),
  '55P03': busy, // lock_not_available
  '57014': busy, // query_canceled: statement_timeout
  '25P03': busy, // idle_in_transaction_session_timeout
  '25P04': busy, // transaction_timeout
  '53200': busy, // out_of_memory
  '53300': busy, // too_many_connections
  '25006': () =>
    unavailable('database_read_only', 'The database takes no changes at the moment. Try again shortly.', 5),
  '57P01': down, // admin_shutdown
  '57P02': down, // crash_shutdown
  '57P03': down, // cannot_connect_now
};

/** Classes that speak of a caller's values or rights: not so where the audit log could not be written. */
const OF_CLIENT = /^(22|23|42|54)/;
const WRITES_AUDIT = /\b(record_audit|record_platform_audit|write_audit|audit_change)\b/;
const unrecorded = (): DomainError =>
  unavailable('audit_unavailable', 'What is done here is recorded, and that failed: so it was not done. Try again.', 5);

const LOST_CONNECTION = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/;
const LOST_MESSAGE =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|Client has encountered/i;

/** The server's error under TypeORM's wrapping. */
export function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && (root as ServerError).driverError) root = (root as ServerError).driverError;
  return root;
}

/** @returns the refusal for an error of the database, or undefined when the error is nobody's but ours */
export function refusalFor(error: unknown): DomainError | undefined {
  const root = rootOf(error);
  if (root instanceof DomainError) return root;
  if (typeof root !== 'object' || root === null) return undefined;
  const { code, message = '', detail = '', where = '' } = root as ServerError & { message?: string };
  if (OF_CLIENT.test(code ?? '') && WRITES_AUDIT.test(code === '42501' ? where + message : where)) return unrecorded();
  const refusal = code === undefined ? undefined : (SQLSTATES[code] ?? (code.startsWith('08') ? down : undefined));
  if (refusal) return refusal(detail);
  if (LOST_CONNECTION.test(code ?? '') || LOST_MESSAGE.test(message)) {
    return /timeout exceeded/.test(message) ? busy('') : down('');
  }
  return undefined;
}

/** Whether running the whole unit again may succeed: by SQLSTATE, never by an error's name. */
export function isRetryable(error: unknown): boolean {
  const { code } = (rootOf(error) ?? {}) as ServerError;
  return code === '40001' || code === '40P01';
}
