/** A finding that is meant. It is shown with its reason and counts as ACCEPT. */
export interface Allowance {
  /** id of the check */
  check: string;
  /** exactly as the check names it */
  object: string;
  /** a sentence: why isolation holds all the same */
  reason: string;
  /** when that was judged, YYYY-MM-DD */
  date: string;
  /** counts outside production only; such an entry may also match nothing */
  only?: 'development';
}

/** Read in a review before anything else: each entry is a protection that somebody has waived. */
export const ALLOWED: readonly Allowance[] = [
  {
    check: 'server-version',
    object: 'PostgreSQL 18.4',
    reason: 'The embedded server is the newest that npm has; it listens on 127.0.0.1 and is for development only.',
    date: '2026-11-22',
    only: 'development',
  },
  {
    check: 'rls-forced',
    object: 'meta.migrations',
    reason: 'It holds the names of the migrations that ran, the same for every tenant, and is read at boot alone.',
    date: '2026-11-22',
  },
  {
    check: 'tenant-column',
    object: 'meta.migrations',
    reason: 'It holds the names of the migrations that ran, the same for every tenant, and is read at boot alone.',
    date: '2026-11-22',
  },
  {
    check: 'foreign-key-without-tenant',
    object: 'auth.capabilities.capabilities_session_id_fkey',
    reason:
      'A session is a person’s before it is a tenant’s, and may be without one; sign-in makes both rows, and requests reach no table of auth.',
    date: '2026-11-22',
  },
  {
    check: 'unique-without-tenant',
    object: 'app.tenants_slug_key',
    reason: 'The slug names a tenant to everybody who signs in; it is given by operators alone.',
    date: '2026-11-22',
  },
  {
    check: 'unique-without-tenant',
    object: 'app.invitations_token_key',
    reason:
      'It is the hash of 32 random bytes that the server draws: nobody can ask for a value that another tenant has.',
    date: '2026-11-22',
  },
  {
    check: 'unique-without-tenant',
    object: 'app.file_versions_object_key',
    reason: 'The server makes the key, which begins with the tenant and the file: a CHECK says so.',
    date: '2026-11-22',
  },
  {
    check: 'unique-without-tenant',
    object: 'app.file_versions_upload_key',
    reason: 'The server makes the key, which begins with the tenant and the file: a CHECK says so.',
    date: '2026-11-22',
  },
  {
    check: 'tenant-column-nullable',
    object: 'auth.sessions.tenant_id',
    reason:
      'Somebody who has signed in may be in no tenant yet: such a session opens sign-in, invitations and the platform only, and requests reach no table of auth.',
    date: '2026-11-22',
  },
  {
    check: 'tenant-column-nullable',
    object: 'auth.capabilities.tenant_id',
    reason:
      'A capability without a tenant is that of a session without one: app.tenant_id() is then NULL, and the fence shows no row.',
    date: '2026-11-22',
  },
  {
    check: 'tenant-column-updatable',
    object: 'auth.sessions.tenant_id',
    reason:
      'Changing to another of one’s tenants moves the session: the foreign key to memberships holds it to tenants of that person.',
    date: '2026-11-22',
  },
  {
    check: 'setting-without-nullif',
    object: 'app.enqueue_job(text, jsonb, text, integer, integer, integer)',
    reason:
      'It asks app.context() first, and stops when there is nobody: what it then reads is the secret of a live capability.',
    date: '2026-11-22',
  },
  {
    check: 'elevation-by-setting',
    object: 'auth.acting_operator()',
    reason:
      'Only ringfence_service and ringfence_derive may call it; the command line has no person to name, and an archive is looked up by its number.',
    date: '2026-11-22',
  },
  {
    check: 'elevation-by-setting',
    object: 'auth.archive_operator()',
    reason:
      'The setting names a row of auth.tenant_archives, which must be running; who asked for that is read from the row and must be an operator still.',
    date: '2026-11-22',
  },
  {
    check: 'elevation-by-setting',
    object: 'app.moves_now(uuid, text)',
    reason:
      'The setting saves a look-up: what counts is the row of this very transaction in auth.tenant_moves, which only operators’ functions write.',
    date: '2026-11-22',
  },
  {
    check: 'elevation-by-setting',
    object: 'app.audit_change()',
    reason:
      'The setting saves a look-up: what counts is the row of this very transaction in auth.tenant_moves, which only operators’ functions write.',
    date: '2026-11-22',
  },
  {
    check: 'elevation-by-setting',
    object: 'auth.record_audit(uuid, uuid, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb)',
    reason:
      'The setting chooses between two words for an entry that has no person, and gives no right; only sign-in and ringfence_derive may call it.',
    date: '2026-11-22',
  },
  {
    check: 'default-privileges',
    object: 'default privileges of ringfence_owner in meta for tables',
    reason: 'The schema holds the list of migrations and nothing of a tenant; the server reads it at boot.',
    date: '2026-11-22',
  },
  {
    check: 'trigger-disabled',
    object: 'app.audit_log.publish_event',
    reason:
      'It sends events and protects nothing: a server that replays rows sent by another must not send their webhooks a second time.',
    date: '2026-11-22',
  },
];
