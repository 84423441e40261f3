import {
  aal2Required,
  DomainError,
  notAllowed,
  notFound,
  permissionMissing,
  sessionEnded,
  versionMismatch,
} from '../errors/index.js';
import { refusalOfConstraint } from './constraints.js';
import * as feature from './feature-problems.js';
import * as own from './problems.js';

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

const plain =
  (refuse: (detail?: string) => DomainError): Refusal =>
  () =>
    refuse();

const malformed = plain(own.invalidValue);
const busy = plain(own.databaseBusy);
const down = plain(own.databaseUnavailable);
const changed = plain(own.concurrentChange);

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
  '23514': malformed, // check_violation
  // the state of the data
  '23503': plain(own.referenceConflict),
  '23505': plain(own.alreadyExists),
  '23P01': () => own.alreadyExists('This overlaps with something that exists already.'),
  // the fence and the rules
  '42501': () => notAllowed('The database does not allow this for you.'),
  RF001: plain(own.tenantIsFixed),
  RF002: plain(own.visibilityIsTheOwners),
  RF003: plain(feature.roleCycle),
  RF004: () => aal2Required('This needs your second factor: POST /v1/auth/mfa/verify.'),
  RF005: plain(feature.roleNotBelow),
  RF006: feature.permissionNotHeld,
  RF007: permissionMissing,
  RF008: plain(feature.lastOwner),
  RF009: plain(feature.roleInUse),
  RF010: plain(feature.rootRoleImmutable),
  RF011: plain(feature.roleWithoutParent),
  RF012: plain(feature.roleSlugReserved),
  RF013: (permission) => feature.permissionUnknown(`There is no permission ${permission}.`),
  RF014: plain(versionMismatch),
  RF015: plain(feature.memberOwnsRecords),
  RF016: plain(feature.roleNotFound),
  RF017: plain(feature.heirNotAMember),
  RF018: plain(own.notTheOwner),
  RF019: plain(feature.alreadyMember),
  RF020: plain(feature.invitationInvalid),
  RF021: plain(feature.notAnOwner),
  RF022: plain(own.notAnOperator),
  RF023: plain(sessionEnded),
  RF024: plain(feature.invitationPending),
  RF025: plain(feature.tenantHasOwner),
  RF026: plain(own.appendOnly),
  RF027: plain(sessionEnded),
  RF028: plain(own.auditNotSealed),
  RF029: plain(feature.jobNotRunning),
  RF030: plain(feature.storageQuotaExceeded),
  RF031: plain(feature.recordNotWritable),
  RF032: plain(feature.fileState),
  RF033: plain(feature.tooManyJobs),
  RF034: plain(feature.requestInFlight),
  RF035: plain(feature.tenantNotSuspended),
  RF036: plain(feature.tenantExists),
  RF037: plain(feature.tenantArchiveUnderWay),
  RF038: plain(feature.tooManyApiKeys),
  RF039: plain(feature.sessionRequired),
  RF040: plain(feature.apiKeyNotYours),
  RF041: plain(feature.apiKeyExpired),
  RF042: own.referenceNotFound,
  P0002: plain(notFound), // no_data_found
  // transient
  '40001': changed, // serialization_failure
  '40P01': changed, // deadlock_detected
  '55P03': busy, // lock_not_available
  '57014': busy, // query_canceled: statement_timeout
  '25P03': busy, // idle_in_transaction_session_timeout
  '25P04': busy, // transaction_timeout
  '53200': busy, // out_of_memory
  '53300': busy, // too_many_connections
  '53100': plain(own.databaseReadOnly), // disk_full
  '25006': plain(own.databaseReadOnly), // read_only_sql_transaction
  '57P01': down, // admin_shutdown
  '57P02': down, // crash_shutdown
  '57P03': down, // cannot_connect_now
};

/** Classes that speak of a caller's values or rights: not so where the audit log could not be written. */
const OF_CLIENT = /^(22|23|42|54)/;
const WRITES_AUDIT = /\b(record_audit|record_platform_audit|write_audit|audit_change)\b/;

const LOST_CONNECTION = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/;
const LOST_MESSAGE =
  /Connection terminated|not queryable|Query read timeout|timeout exceeded when trying to connect|Client has encountered/i;

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
  const { code, message = '', detail = '', where = '', constraint = '' } = root as ServerError & { message?: string };
  if (OF_CLIENT.test(code ?? '') && WRITES_AUDIT.test(code === '42501' ? where + message : where))
    return own.auditUnavailable();
  const declared = refusalOfConstraint(constraint);
  if (declared) return declared();
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
