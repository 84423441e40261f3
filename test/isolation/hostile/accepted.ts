/**
 * What somebody of one tenant learns of the others, or does to them, by SQL of their own, and why that is left so. Ids,
 * numbers of rows and names of tenants; never what a row says. hostile-sql.spec.ts shows that it is no more than it says here.
 */
export const ACCEPTED = {
  'sizes of tables': {
    reason:
      'pg_class is read by every query, and PostgreSQL knows no right to its columns: how many rows and pages all tenants have together is seen.',
    /** columns of the catalogue that others' work changes */
    columns: ['pg_class.reltuples', 'pg_class.relpages', 'pg_class.relallvisible', 'pg_class.relallfrozen', 'pg_class.relfrozenxid', 'pg_class.relminmxid'],
  },
  'numbers of transactions': {
    reason:
      'Whoever counts the numbers of transactions sees how busy the installation is. The audit log is sealed by these numbers, and row versions bear them.',
    /** functions whose answer others' work changes */
    functions: ['pg_current_snapshot', 'pg_current_xact_id', 'txid_current', 'txid_current_snapshot', 'pg_snapshot_xmin', 'statement_timestamp', 'transaction_timestamp'],
  },
  'expected rows by id': {
    reason:
      'Ids, owners, stages and visibilities keep their statistics, for the plans are made with them (migration 0022): EXPLAIN tells about how many rows a tenant has whose id is known. An id opens nothing, and what the rows say is in no statistics.',
  },
  'names of tenants': {
    reason: 'A slug is the name by which one signs in to a tenant, and there is one of each: that it is taken is said to who wants it.',
  },
  'keys that are drawn': {
    reason:
      'Hashes of secrets and keys of objects are unique over all tenants, and who says one again is refused. They are drawn, with 74 random bits and more, and are told to nobody: nobody says one by chance.',
    /** unique indexes of tables of tenants that do not lead with the tenant */
    indexes: ['app.file_versions_object_key', 'app.file_versions_upload_key', 'app.invitations_token_key', 'app.tenants_carried_key', 'app.tenants_pkey', 'app.tenants_slug_key'],
    /** arguments that name what is made, in a table of all tenants */
    calls: ['create_webhook.p_secret of auth.webhook_secrets', 'invite.p_mail of auth.mail_outbox', 'resend_invitation.p_mail of auth.mail_outbox',
      'rotate_webhook_secret.p_secret of auth.webhook_secrets'],
  },
  'notifications': {
    reason: 'NOTIFY and LISTEN are commands that nobody can be refused. Ringfence sends and hears none, and what one session sends another only hears if it asks.',
  },
  'one’s own role': {
    reason:
      'ALTER ROLE of oneself sets one’s own defaults and password, and nobody can be refused it: it harms the service, and opens nothing (each connection sets its own, and the doctor watches what is set).',
  },
  'locks of tables': {
    reason: 'LOCK TABLE needs no more than UPDATE does. It ends with the transaction, which has 30 seconds: others wait, and see nothing.',
  },
  'random()': {
    reason: 'setseed(...) outlives what the pool cleans. No function that requests may call draws by random(): ids and secrets come from gen_random_uuid and uuidv7.',
  },
} as const; // prettier-ignore
