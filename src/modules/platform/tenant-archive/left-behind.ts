import type { OtherTable } from './catalogue.js';

const words = (text: string): string[] => text.split(' ');

/** What stays: secrets that count here alone, what is under way, and what belongs to the installation. */
export const LEFT_BEHIND: readonly OtherTable[] = [
  {
    name: 'app.jobs',
    columns: words(
      'tenant_id id kind payload scopes key actor_id aal auth_time status attempt attempts_at_most timeout_seconds error run_after created_at queued_at started_at finished_at api_key_id',
    ),
    reason: 'work of this installation, with the rights of a session here',
  },
  {
    name: 'app.webhooks',
    columns: words(
      'tenant_id id url events description status disabled_reason failing_since mailed_at created_by version created_at updated_at',
    ),
    reason: 'receivers know this installation by its secrets, and are told of what it does; they are made anew',
  },
  {
    name: 'app.webhook_messages',
    columns: words('tenant_id id type payload created_at'),
    reason: 'on their way from here; what they tell stands in the audit log',
  },
  {
    name: 'app.webhook_deliveries',
    columns: words(
      'tenant_id id webhook_id message_id status attempts last_attempt_at response_status error_code duration_ms next_attempt_at created_at',
    ),
    reason: 'what this installation sent',
  },
  {
    name: 'auth.webhook_secrets',
    columns: words('id tenant_id webhook_id secret_encrypted expires_at created_at'),
    reason: 'secrets between this installation and a receiver',
  },
  {
    name: 'app.idempotency_keys',
    columns: words(
      'tenant_id actor_id hash fingerprint token leased_until kept status headers body created_at expires_at',
    ),
    reason: 'what was answered here in the last 24 hours, under keyed hashes',
  },
  {
    name: 'auth.idempotency_keys',
    columns: words('actor_id hash fingerprint token leased_until kept status headers body created_at expires_at'),
    reason:
      'what sessions, operators and whoever is not signed in were answered here in the last 24 hours, under keyed hashes',
  },
  {
    name: 'auth.capabilities',
    columns: words(
      'hash session_id user_id tenant_id role_id member_status tenant_status aal expires_at auth_time min_aal job_id scopes key_id',
    ),
    reason: 'live sessions, jobs and keys',
  },
  {
    name: 'app.api_keys',
    columns: words(
      'tenant_id id name public_id user_id created_by permissions expires_at requests_per_minute version created_at updated_at rotated_at last_used_at',
    ),
    reason: 'count at this installation alone, and are made anew',
  },
  {
    name: 'auth.key_secrets',
    columns: words('hash tenant_id key_id expires_at created_at'),
    reason: 'go with their keys',
  },
  {
    name: 'auth.sessions',
    columns: words('id user_id tenant_id aal amr auth_time expires_at idle_expires_at user_agent address created_at'),
    reason: 'people sign in anew',
  },
  {
    name: 'auth.refresh_tokens',
    columns: words('hash session_id used_at created_at'),
    reason: 'people sign in anew',
  },
  {
    name: 'auth.one_time_tokens',
    columns: words('hash purpose user_id session_id details created_at expires_at'),
    reason: 'links that lead here, valid for minutes',
  },
  {
    name: 'auth.factors',
    columns: words(
      'id user_id type name totp_secret_encrypted totp_last_step credential_id public_key sign_count transports created_at activated_at last_used_at',
    ),
    reason: 'secrets of a person, not of a tenant; passkeys count for one domain alone',
  },
  {
    name: 'auth.recovery_codes',
    columns: words('hash user_id created_at used_at'),
    reason: 'secrets of a person, not of a tenant',
  },
  {
    name: 'auth.guesses',
    columns: words('kind key failures locks locked_until last_at'),
    reason: 'wrong guesses made here, under keyed hashes',
  },
  {
    name: 'auth.mail_outbox',
    columns: words('id recipient template values_encrypted expires_at created_at failed_at last_error'),
    reason: 'mails that leave from here',
  },
  {
    name: 'auth.pending_permissions',
    columns: words('tenant_id code'),
    reason: 'what a server gives out when it starts',
  },
  {
    name: 'auth.operators',
    columns: words('user_id created_at'),
    reason: 'who runs an installation',
  },
  {
    name: 'auth.permissions',
    columns: words('code description standard_role created_at'),
    reason: 'declared by the code',
  },
  {
    name: 'auth.resources',
    columns: words('resource relation owned files parent parent_column'),
    reason: 'made by migrations',
  },
  {
    name: 'auth.signing_keys',
    columns: words('kid alg public_jwk private_key_encrypted created_at retired_at not_before'),
    reason: 'keys of the installation',
  },
  {
    name: 'auth.audit_state',
    columns: words('one sealed_to epoch server timeline recounted_to set_aside'),
    reason: 'how far this installation has numbered its logs',
  },
  {
    name: 'auth.tenant_archives',
    columns: words(
      'id tenant_id slug op requested_by status attempt error object_key size sha256 missing_files certificate created_at finished_at expires_at',
    ),
    reason: 'what operators of this installation asked for',
  },
  {
    name: 'auth.tenant_moves',
    columns: words('tenant_id op xact_id at'),
    reason: 'there for the length of an import or an erasure',
  },
  {
    name: 'auth.rate_limits',
    columns: words('key expires_at taken at_most'),
    reason: 'counts of a minute',
  },
];
