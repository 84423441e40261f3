/*
 * What must be there when it is named, and what there may be once only: a line for each foreign key and each unique key of a
 * table that is no kind of record. Written by hand, as `refused.ts` is.
 */

type Lines = Readonly<Record<string, Readonly<Record<string, string>>>>;

const OTHER = 'gen_random_uuid()';
const MEMBER = `tenant_id = ${OTHER}, role_id = ${OTHER}, member_status = 'active', tenant_status = 'active', min_aal = 1`;

/** By table and foreign key: the column that is set to what is not there; with its value where it is no UUID. */
export const REFERENCES: Lines = {
  'app.api_keys': {
    api_keys_created_by_fkey: 'created_by',
    api_keys_tenant_id_fkey: 'tenant_id',
    api_keys_user_id_fkey: 'user_id',
  },
  'app.file_versions': { file_versions_file_fkey: 'file_id' },
  'app.files': { files_tenant_id_fkey: 'tenant_id' },
  'app.idempotency_keys': { idempotency_keys_tenant_id_fkey: 'tenant_id' },
  'app.invitations': {
    invitations_tenant_id_fkey: 'tenant_id',
    invitations_tenant_id_invited_by_fkey: 'invited_by',
    invitations_tenant_id_role_id_fkey: 'role_id',
  },
  'app.jobs': { jobs_actor_id_fkey: 'actor_id', jobs_tenant_id_fkey: 'tenant_id' },
  'app.memberships': {
    memberships_tenant_fkey: 'tenant_min_aal = 3 - tenant_min_aal',
    memberships_tenant_id_role_id_fkey: 'role_id',
    memberships_user_id_fkey: 'user_id',
  },
  'app.profiles': { profiles_tenant_id_user_id_fkey: 'user_id' },
  'app.role_closure': {
    role_closure_tenant_id_ancestor_id_fkey: 'ancestor_id',
    role_closure_tenant_id_descendant_id_fkey: 'descendant_id',
  },
  'app.role_edges': {
    role_edges_tenant_id_child_id_fkey: 'child_id',
    role_edges_tenant_id_parent_id_fkey: 'parent_id',
  },
  'app.role_permissions': {
    role_permissions_permission_fkey: `permission = 'no:such'`,
    role_permissions_tenant_id_role_id_fkey: 'role_id',
  },
  'app.roles': { roles_tenant_id_fkey: 'tenant_id' },
  'app.storage_usage': { storage_usage_tenant_id_fkey: 'tenant_id' },
  'app.webhook_deliveries': {
    webhook_deliveries_message_fkey: 'message_id',
    webhook_deliveries_webhook_fkey: 'webhook_id',
  },
  'app.webhook_messages': { webhook_messages_tenant_id_fkey: 'tenant_id' },
  'app.webhooks': { webhooks_tenant_id_fkey: 'tenant_id' },
  'auth.capabilities': {
    capabilities_key_fkey: `${MEMBER}, session_id = null, aal = 1, scopes = '{}', key_id = ${OTHER}`,
    capabilities_member_fkey: MEMBER,
    capabilities_session_id_fkey: 'session_id',
    capabilities_user_id_fkey: 'user_id',
  },
  'auth.factors': { factors_user_id_fkey: 'user_id' },
  'auth.key_secrets': { key_secrets_key_fkey: 'key_id' },
  'auth.one_time_tokens': { one_time_tokens_session_id_fkey: 'session_id', one_time_tokens_user_id_fkey: 'user_id' },
  'auth.operators': { operators_user_id_fkey: 'user_id' },
  'auth.pending_permissions': {
    pending_permissions_code_fkey: `code = 'no:such'`,
    pending_permissions_tenant_id_fkey: 'tenant_id',
  },
  'auth.recovery_codes': { recovery_codes_user_id_fkey: 'user_id' },
  'auth.refresh_tokens': { refresh_tokens_session_id_fkey: 'session_id' },
  'auth.role_rights': { role_rights_tenant_id_role_id_fkey: 'role_id' },
  'auth.sessions': { sessions_tenant_id_user_id_fkey: 'tenant_id', sessions_user_id_fkey: 'user_id' },
  'auth.webhook_secrets': { webhook_secrets_webhook_fkey: 'webhook_id' },
};

/** By table and unique key or index: its columns; with what both rows are set to, where it holds for some rows only. */
export const ONCE: Lines = {
  'app.api_keys': { api_keys_public_id_key: 'tenant_id, public_id' },
  'app.audit_leaves': { audit_leaves_entry_key: 'tenant_id, entry_id' },
  'app.file_versions': { file_versions_object_key: 'object_key', file_versions_upload_key: 'upload_key' },
  'app.invitations': { invitations_email_key: 'tenant_id, email', invitations_token_key: 'token_hash' },
  'app.jobs': { jobs_key_key: `tenant_id, actor_id, kind, key = 'one'` },
  'app.roles': { roles_one_root: 'tenant_id, is_root = true', roles_tenant_id_slug_key: 'tenant_id, slug' },
  'app.tenants': { tenants_slug_key: 'slug' },
  'auth.factors': { factors_credential_key: `credential_id = 'x'` },
  'auth.resources': { resources_relation_key: 'relation' },
  'auth.tenant_archives': {
    tenant_archives_object_key: `object_key = tenant_id || '/' || id || '/x'`,
    tenant_archives_under_way: `tenant_id, status = 'queued'`,
  },
  'auth.users': { users_email_key: 'email' },
  'auth.vault_keys': { vault_keys_key_id_key: 'tenant_id, key_id' },
  'auth.webhook_secrets': { webhook_secrets_newest: 'tenant_id, webhook_id, expires_at = null' },
};
