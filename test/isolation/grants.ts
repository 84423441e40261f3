/*
 * What the two logins that requests run as were given, written by hand: a line here is a decision. All else must be refused
 * by the grants alone, before any policy is asked.
 */

type Columns = 'all' | readonly string[];

export interface Given {
  select?: Columns;
  insert?: Columns;
  update?: Columns;
  delete?: true;
}

const words = (text: string): string[] => text.trim().split(/\s+/);
const READ: Given = { select: 'all' };
const ALL: Given = { select: 'all', insert: 'all', update: 'all', delete: true };

/** Columns of a kind of record that no request says: the database fills them in, or nobody changes them. */
export const NEVER_SAID = words('id version created_at updated_at');
export const NEVER_CHANGED = words('tenant_id owner_id owner_role_id');

export const GIVEN_TABLES: Readonly<Record<string, Readonly<Record<string, Given>>>> = {
  app: {
    ...Object.fromEntries(
      words(`api_keys audit_changes audit_checkpoints audit_leaves audit_log audit_nodes file_versions files memberships
        profiles role_closure role_edges role_permissions roles storage_usage tenants webhook_deliveries webhook_messages
        webhooks`).map((name) => [`app.${name}`, READ]),
    ),
    // not the token's hash
    'app.invitations': { select: words('tenant_id id email role_id invited_by metadata expires_at version created_at updated_at') }, // prettier-ignore
    // not what the job is given, nor how it is kept from running twice
    'app.jobs': { select: words('tenant_id id kind actor_id status attempt attempts_at_most error run_after created_at started_at finished_at api_key_id') }, // prettier-ignore
    'meta.migrations': READ,
  },
  auth: {
    'auth.capabilities': { select: 'all', insert: 'all', delete: true },
    'auth.factors': { select: 'all', insert: 'all', delete: true, update: words('name totp_secret_encrypted totp_last_step sign_count activated_at last_used_at') }, // prettier-ignore
    'auth.guesses': ALL,
    'auth.mail_outbox': { select: 'all', delete: true, insert: words('id recipient template values_encrypted expires_at'), update: words('values_encrypted failed_at last_error') }, // prettier-ignore
    'auth.one_time_tokens': { select: 'all', insert: 'all', delete: true },
    'auth.operators': READ,
    'auth.permissions': READ,
    'auth.rate_limits': ALL,
    'auth.recovery_codes': { select: 'all', insert: 'all', delete: true, update: ['used_at'] },
    'auth.refresh_tokens': { select: 'all', insert: 'all', delete: true, update: ['used_at'] },
    'auth.sessions': ALL,
    'auth.signing_keys': { select: 'all', insert: 'all', update: words('private_key_encrypted retired_at') },
    'auth.users': { select: 'all', update: words('full_name password_hash password_stands_alone') },
    'auth.webhook_secrets': { select: 'all', delete: true, update: ['secret_encrypted'] },
    'meta.migrations': {},
  },
};

/** Functions and procedures by login. Who may call one decides it inside. */
export const GIVEN_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  app: words(`
    app.aal app.aal2 app.add_file_version app.api_key_standing app.assign_role app.audit_document app.audit_kept_from
    app.audit_months app.audit_openings app.author_with app.begin_idempotent app.canonical_email app.check_version
    app.confirm_api_key app.context app.create_api_key app.create_file app.create_role app.create_webhook
    app.default_storage_quota app.delete_file app.delete_role app.delete_webhook app.discard_version app.end_sessions_of
    app.enqueue_job app.enter app.explain app.finish_job app.forget_idempotent app.invite app.keep_idempotent app.leave_tenant
    app.may app.name_upload app.newest_deals app.punycode app.record_audit app.refusal_of app.remove_member
    app.replay_webhook_delivery app.resend_invitation app.restore_file app.retry_job app.revoke_api_key app.revoke_invitation
    app.role_id app.rotate_api_key app.rotate_webhook_secret app.scanned_version app.set_role_parents app.set_role_permissions
    app.settle_scan app.settle_version app.subordinate_role_ids app.tenant_id app.test_webhook app.transfer_ownership
    app.transfer_record app.update_role app.update_tenant app.update_webhook app.user_id app.viewers`),
  auth: words(`
    app.canonical_email app.punycode auth.accept_invitation auth.archives_to_sweep auth.audit_lag auth.audit_newest_checkpoints
    auth.audit_seal auth.audit_set_aside auth.audit_trees auth.audit_trees_at auth.audit_unsealed auth.begin_delivery
    auth.begin_idempotent auth.begin_job auth.bury_job auth.clear_backlog auth.fail_job auth.fail_lost_archives
    auth.finish_delivery auth.forget_idempotent auth.forget_jobs auth.holder auth.invitation_id auth.invitation_of
    auth.job_counts auth.keep_idempotent auth.key_holder auth.lease_points auth.make_audit_partitions auth.mark_version
    auth.memberships_of auth.note_key_use auth.put_off_delivery auth.record_audit auth.settle_guess auth.sign_up
    auth.spread_permissions auth.sweep_archive auth.sweep_idempotent auth.sweep_version auth.sweep_webhooks
    auth.sync_permissions auth.unknown_objects auth.versions_to_look_for auth.versions_to_sweep auth.webhook_contacts
    auth.webhook_counts`),
};

/** Of PostgreSQL's own, which gives them to everybody: large objects, waiting, other sessions, sizes and what others commit. */
export const SERVER_FUNCTIONS =
  /^(lo_|loread|lowrite|pg_stat_(get|clear|reset|have)_|pg_(cancel|terminate)_backend|pg_sleep|pg_log_backend|pg_(try_)?advisory_|pg_logical_emit|pg_current_wal|pg_control_|pg_xact_commit_timestamp)|_to_xml|_wal_summar|^(currtid2|pg_(notify|export_snapshot|lock_status|blocking_pids|safe_snapshot_blocking_pids|prepared_xact|prepared_statement|cursor|(total_)?relation_size|table_size|indexes_size|database_size|tablespace_size|show_all_file_settings|hba_file_rules|current_logfile|get_replication_slots|listening_channels|notification_queue_usage|get_multixact_members|last_committed_xact|isolation_test_session_is_blocked))$/;
export const SERVER_VIEWS =
  /^pg_(stat|locks$|prepared_|cursors$|largeobject|replication_slots$|settings$|file_settings$|roles$|user$|group$|shadow$|authid$|db_role_setting$|backend_memory_contexts$|shmem_allocations$|policies$)/;
/** What sign-in uses to let one at a time. */
export const SERVER_GIVEN: Readonly<Record<string, readonly string[]>> = {
  auth: ['pg_advisory_xact_lock(bigint)', 'pg_try_advisory_xact_lock(bigint)'],
};
