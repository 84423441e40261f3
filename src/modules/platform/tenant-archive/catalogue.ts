import { resources } from '../../../resource/index.js';

/*
 * Every table of the schemas app and auth, with every column: what of a tenant travels, what is computed anew where it
 * arrives, and what stays behind. A table or a column that is missing here stops an export (catalogue-check.ts).
 */

/** A table whose rows travel. In the order in which they are inserted, so that keys are met; erased in the reverse. */
export interface CarriedTable {
  readonly name: string;
  /** all that it has */
  readonly columns: readonly string[];
  /** columns that stay behind; the database gives them their default, or null */
  readonly without?: readonly string[];
  /** columns that are carried as another expression over `t` */
  readonly as?: Readonly<Record<string, string>>;
  /** where the rows come from and which, if not all with the tenant's id ($1) */
  readonly from?: string;
  readonly where?: string;
  readonly order: string;
  /** audit: written by the function that adds to the log, and never deleted; people: accounts, which tenants share */
  readonly kind: 'own' | 'audit' | 'people';
}

/** A table that no row of is carried. */
export interface OtherTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** why */
  readonly reason: string;
}

const words = (text: string): string[] => text.split(' ');

/** Versions whose bytes are in the store, and those of which that is known to be lost; of files that nobody deleted. */
const SETTLED = `t.status in ('ready', 'quarantined', 'lost')`;
const LIVE_FILE = `(select from app.files f where f.tenant_id = t.tenant_id and f.id = t.file_id and f.deleted_at is null)`;

const TENANCY: readonly CarriedTable[] = [
  {
    name: 'auth.users',
    columns: words('id email full_name password_hash status created_at password_stands_alone'),
    without: words('password_hash password_stands_alone'),
    where: 't.id in (select m.user_id from app.memberships m where m.tenant_id = $1)',
    order: 't.id',
    kind: 'people',
  },
  {
    name: 'auth.vault_keys',
    columns: words('tenant_id subject_id key_id key created_at'),
    from: 'app.vault_keys_of($1)',
    order: 't.subject_id',
    kind: 'audit',
  },
  {
    name: 'app.tenants',
    columns: words('id slug name status version created_at updated_at min_aal session_idle_minutes session_hours'),
    where: 't.id = $1',
    order: 't.id',
    kind: 'own',
  },
  {
    name: 'app.roles',
    columns: words('tenant_id id slug name is_root version created_at updated_at'),
    order: 't.id',
    kind: 'own',
  },
  {
    name: 'app.role_permissions',
    columns: words('tenant_id role_id permission'),
    order: 't.role_id, t.permission',
    kind: 'own',
  },
  {
    name: 'app.role_edges',
    columns: words('tenant_id parent_id child_id'),
    order: 't.parent_id, t.child_id',
    kind: 'own',
  },
  {
    name: 'app.memberships',
    columns: words('tenant_id user_id role_id status tenant_status created_at tenant_min_aal'),
    order: 't.user_id',
    kind: 'own',
  },
  {
    name: 'app.profiles',
    columns: words('tenant_id user_id full_name email version created_at updated_at'),
    order: 't.user_id',
    kind: 'own',
  },
  {
    name: 'app.invitations',
    columns: words(
      'tenant_id id email role_id invited_by metadata token_hash expires_at version created_at updated_at',
    ),
    order: 't.id',
    kind: 'own',
  },
];

/** Files hang at records without a foreign key, and the log is of everything: both come after the records. */
const FILES_AND_LOG: readonly CarriedTable[] = [
  {
    name: 'app.files',
    columns: words('tenant_id id resource_type resource_id name current created_by created_at deleted_at'),
    where: `t.tenant_id = $1 and t.deleted_at is null and exists (
      select from app.file_versions v where v.tenant_id = t.tenant_id and v.file_id = t.id and ${SETTLED.replace('t.', 'v.')})`,
    order: 't.id',
    kind: 'own',
  },
  {
    name: 'app.file_versions',
    columns: words(
      'tenant_id file_id number content_type size sha256 upload_key object_key upload_id status checking_since checking_token created_by created_at completed_at seen_at swept_at',
    ),
    without: words('upload_id checking_since checking_token swept_at'),
    where: `t.tenant_id = $1 and ${SETTLED} and exists ${LIVE_FILE}`,
    order: 't.file_id, t.number',
    kind: 'own',
  },
  {
    name: 'app.storage_usage',
    columns: words('tenant_id bytes bytes_at_most'),
    as: {
      bytes: `coalesce((select sum(app.charged(s.size)) from (
        select t.* from app.file_versions t where t.tenant_id = $1 and ${SETTLED} and exists ${LIVE_FILE}) s), 0)`,
    },
    order: 't.tenant_id',
    kind: 'own',
  },
  {
    name: 'app.audit_leaves',
    columns: words('tenant_id seq entry_id hash'),
    order: 't.seq',
    kind: 'audit',
  },
  {
    name: 'app.audit_nodes',
    columns: words('tenant_id level index hash'),
    order: 't.level, t.index',
    kind: 'audit',
  },
  {
    name: 'app.audit_checkpoints',
    columns: words('tenant_id size at epoch root verifier_key note'),
    order: 't.size',
    kind: 'audit',
  },
  {
    name: 'app.audit_log',
    columns: words(
      'tenant_id id at xact_id n actor_type actor_id session_id action target_type target_id outcome code count request_id details personal_key personal commitment',
    ),
    order: 't.at, t.xact_id, t.n',
    kind: 'audit',
  },
  {
    name: 'app.audit_changes',
    columns: words('tenant_id at entry_id id type row_id op before after bytes personal_key personal commitment'),
    order: 't.at, t.entry_id, t.id',
    kind: 'audit',
  },
];

/** The tables of the kinds of records that the loaded modules declare. */
const ofRecords = (): CarriedTable[] =>
  resources().map(({ table: name, columns }) => ({ name, columns, order: 't.id', kind: 'own' }));

/** What travels, in the order in which it is inserted. */
export const carriedTables = (): readonly CarriedTable[] => [...TENANCY, ...ofRecords(), ...FILES_AND_LOG];

/** Computed by triggers from what is carried, as it arrives. */
export const DERIVED: readonly OtherTable[] = [
  {
    name: 'app.role_closure',
    columns: words('tenant_id ancestor_id descendant_id'),
    reason: 'follows from role_edges',
  },
  {
    name: 'auth.role_rights',
    columns: words('tenant_id role_id permissions subordinate_role_ids'),
    reason: 'follows from roles, their edges and their permissions',
  },
];
