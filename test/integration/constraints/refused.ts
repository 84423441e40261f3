/*
 * What the database itself refuses to store, whoever writes it: a line for each constraint of a table that is no kind of
 * record, with a change of a good row that it must refuse. Written by hand; who adds a constraint adds a line.
 */

const long = (length: number): string => `repeat('x', ${length})`;
const SHORT = `'\\x00'`;
const NO_WORD = `'zz'`;

type Lines = Readonly<Record<string, Readonly<Record<string, string>>>>;

const IDEMPOTENCY = {
  idempotency_keys_answer_check: `kept = 'secret', leased_until = null, status = 200`,
  idempotency_keys_body_check: `body = convert_to(${long(65_537)}, 'utf8'), kept = 'answer', leased_until = null, status = 200`,
  idempotency_keys_fingerprint_check: `fingerprint = ${SHORT}`,
  idempotency_keys_hash_check: `hash = ${SHORT}`,
  idempotency_keys_headers_check: `headers = (select jsonb_object_agg(n, gen_random_uuid()) from generate_series(1, 1000) n), kept = 'answer', leased_until = null, status = 200`,
  idempotency_keys_kept_check: `kept = ${NO_WORD}, leased_until = null`,
  idempotency_keys_lease_check: `kept = 'secret', leased_until = now(), status = null, headers = null, body = null`,
};

/** By table and constraint: what is set. */
export const CHECKS: Lines = {
  'app.api_keys': {
    api_keys_expires_at_check: `expires_at = created_at + interval '367 days'`,
    api_keys_name_check: `name = ''`,
    api_keys_permissions_check: `permissions = '{}'`,
    api_keys_public_id_check: `public_id = 'short'`,
    api_keys_requests_per_minute_check: 'requests_per_minute = 0',
  },
  'app.audit_checkpoints': {
    audit_checkpoints_root_check: `root = ${SHORT}`,
    audit_checkpoints_size_check: 'size = 0',
  },
  'app.audit_leaves': { audit_leaves_hash_check: `hash = ${SHORT}`, audit_leaves_seq_check: 'seq = -1' },
  'app.audit_nodes': { audit_nodes_hash_check: `hash = ${SHORT}`, audit_nodes_level_check: 'level = 0' },
  'app.deals': { deals_amount_check: 'amount = -0.01' },
  'app.file_versions': {
    file_versions_content_type_check: `content_type = 'text/plain; x'`,
    file_versions_number_check: 'number = 1001',
    file_versions_object_key_check: `object_key = gen_random_uuid() || '/' || file_id || '/x'`,
    file_versions_sha256_check: `sha256 = ${NO_WORD}`,
    file_versions_size_check: 'size = -1',
    file_versions_status_check: `status = ${NO_WORD}`,
    file_versions_upload_id_check: `upload_id = ${long(2001)}`,
    file_versions_upload_key_check: `upload_key = gen_random_uuid() || '/' || file_id || '/x'`,
  },
  'app.files': { files_name_check: `name = E'a\\nb'` },
  'app.idempotency_keys': IDEMPOTENCY,
  'app.invitations': {
    invitations_email_check: `email = 'Not.Canonical@alpha.example'`,
    invitations_metadata_check: `metadata = '[]'`,
    invitations_token_hash_check: `token_hash = ${SHORT}`,
  },
  'app.jobs': {
    jobs_attempts_check: 'attempts_at_most = 21',
    jobs_key_check: `key = ''`,
    jobs_kind_check: `kind = 'noDot'`,
    jobs_payload_check: `payload = '[]'`,
    jobs_run_after_check: `run_after = created_at + interval '101 days'`,
    jobs_status_check: `status = ${NO_WORD}`,
    jobs_timeout_check: 'timeout_seconds = 7201',
  },
  'app.memberships': { memberships_status_check: `status = ${NO_WORD}` },
  'app.profiles': { profiles_full_name_check: `full_name = ${long(201)}` },
  'app.role_closure': { role_closure_check: 'ancestor_id = descendant_id' },
  'app.role_edges': { role_edges_check: 'parent_id = child_id' },
  'app.role_permissions': { role_permissions_permission_check: `permission = 'none'` },
  'app.roles': { roles_name_check: `name = ''`, roles_slug_check: `slug = 'No Slug'` },
  'app.storage_usage': {
    storage_usage_bytes_at_most_check: 'bytes_at_most = -1',
    storage_usage_bytes_check: 'bytes = -1',
  },
  'app.tenants': {
    tenants_min_aal_check: 'min_aal = 3',
    tenants_name_check: `name = ''`,
    tenants_session_hours_check: 'session_hours = 13',
    tenants_session_idle_minutes_check: 'session_idle_minutes = 31',
    tenants_slug_check: `slug = 'No Slug'`,
    tenants_slug_is_no_id_check: 'slug = gen_random_uuid()::text',
    tenants_status_check: `status = ${NO_WORD}`,
  },
  'app.webhook_deliveries': { webhook_deliveries_status_check: `status = ${NO_WORD}` },
  'app.webhooks': {
    webhooks_description_check: `description = ${long(201)}`,
    webhooks_disabled_check: `status = 'disabled', disabled_reason = null`,
    webhooks_disabled_reason_check: `status = 'disabled', disabled_reason = ${NO_WORD}`,
    webhooks_events_check: `events = '{}'`,
    webhooks_status_check: `status = ${NO_WORD}, disabled_reason = null`,
    webhooks_url_check: `url = 'ftp://alpha.example/'`,
  },
  'auth.audit_state': { audit_state_one_check: 'one = false' },
  'auth.capabilities': {
    capabilities_aal_check: 'aal = 3',
    capabilities_check: 'tenant_id = null, role_id = gen_random_uuid()',
    capabilities_check1: 'tenant_id = gen_random_uuid(), role_id = gen_random_uuid(), member_status = null',
    capabilities_hash_check: `hash = ${SHORT}`,
    capabilities_key_check: 'key_id = gen_random_uuid(), session_id = gen_random_uuid()',
  },
  'auth.factors': {
    factors_check: `type = 'totp', totp_secret_encrypted = null, credential_id = null, public_key = null, sign_count = null`,
    factors_check1: `type = 'webauthn', totp_secret_encrypted = null, credential_id = null`,
    factors_name_check: `name = ''`,
    factors_type_check: `type = ${NO_WORD}, totp_secret_encrypted = null`,
  },
  'auth.guesses': { guesses_key_check: `key = ${SHORT}`, guesses_kind_check: `kind = ${NO_WORD}` },
  'auth.idempotency_keys': IDEMPOTENCY,
  'auth.key_secrets': { key_secrets_hash_check: `hash = ${SHORT}` },
  'auth.mail_outbox': {
    mail_outbox_erased_check: `failed_at = now(), values_encrypted = 'x'`,
    mail_outbox_recipient_check: `recipient = 'nobody'`,
    mail_outbox_template_check: `template = 'No Template'`,
  },
  'auth.one_time_tokens': {
    one_time_tokens_check: `expires_at = created_at + interval '11 minutes'`,
    one_time_tokens_hash_check: `hash = ${SHORT}`,
    one_time_tokens_purpose_check: `purpose = ${NO_WORD}`,
  },
  'auth.permissions': {
    permissions_code_check: `code = ${NO_WORD}`,
    permissions_standard_role_check: `standard_role = ${NO_WORD}`,
  },
  'auth.rate_limits': {
    rate_limits_at_most_check: 'at_most = 0',
    rate_limits_key_check: `key = ${SHORT}`,
    rate_limits_taken_check: 'taken = -1',
  },
  'auth.recovery_codes': { recovery_codes_hash_check: `hash = ${SHORT}` },
  'auth.refresh_tokens': { refresh_tokens_hash_check: `hash = ${SHORT}` },
  'auth.resources': { resources_resource_check: `resource = 'No'` },
  'auth.sessions': { sessions_aal_check: 'aal = 3' },
  'auth.signing_keys': { signing_keys_alg_check: `alg = 'none'` },
  'auth.tenant_archives': {
    tenant_archives_object_key_check: `object_key = gen_random_uuid() || '/' || id || '/x'`,
    tenant_archives_op_check: `op = ${NO_WORD}`,
    tenant_archives_sha256_check: `sha256 = ${NO_WORD}`,
    tenant_archives_status_check: `status = ${NO_WORD}`,
  },
  'auth.tenant_moves': { tenant_moves_op_check: `op = ${NO_WORD}` },
  'auth.users': {
    users_email_check: `email = 'Not.Canonical@alpha.example'`,
    users_status_check: `status = ${NO_WORD}`,
  },
  'auth.vault_keys': { vault_keys_key_check: `key = ${SHORT}` },
};
