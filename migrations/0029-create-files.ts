import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { COMPLETION } from './parts/file-completion.js';
import { DOOR_NAMES, DOORS, INNER_NAMES } from './parts/file-functions.js';
import { SWEEPER_NAMES, SWEEPERS } from './parts/file-sweepers.js';

/**
 * Why: a file is part of a record, and whoever may see the record may see the file: so the rule of a file asks the record's
 * table, under the caller's own policies, and has no second opinion. Who may change the record may add to it. Nothing here
 * is written by a statement of the application: functions draw the keys of the objects, hold room against the tenant's
 * quota in the row that counts it, and take each version from pending to ready in that order.
 *
 * The bytes lie elsewhere and move without any transaction. A version says by its status how far they are: announced
 * (pending, and since when somebody inspects them), waiting for a scan (quarantined), there (ready), or gone though they
 * should be there (lost). Deleting marks; what is marked is swept later, objects first, so that a crash leaves a row that is
 * swept again and never an object that nobody knows.
 */
export class CreateFiles1764000000029 implements MigrationInterface {
  name = 'CreateFiles1764000000029';

  async up(q: QueryRunner): Promise<void> {
    await q.query(QUOTA + TABLES);
    await q.query(asDerive('app, auth', DOORS + COMPLETION + SWEEPERS));
    await q.query(
      asDerive(
        'app, auth',
        `revoke all on function app.delete_files_of_record(), app.set_storage_quota(uuid, bigint),
           ${[...INNER_NAMES, ...DOOR_NAMES, ...SWEEPER_NAMES].join(', ')} from public;
         grant execute on function ${DOOR_NAMES.join(', ')} to ringfence_app;
         grant execute on function ${SWEEPER_NAMES.join(', ')} to ringfence_auth;
         grant execute on function app.set_storage_quota(uuid, bigint), app.charged(bigint) to ringfence_service;
         grant execute on function app.delete_files_of_record() to ringfence_owner`,
      ),
    );
    await q.query(ATTACH);
    await q.query(`call app.attach_files('app.deals')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop trigger delete_files on app.deals;
      drop procedure app.attach_files(regclass);
      set role ringfence_derive;
      drop function ${[...SWEEPER_NAMES, ...DOOR_NAMES].join(', ')}, app.delete_files_of_record(), app.set_storage_quota(uuid, bigint),
        ${INNER_NAMES.join(', ')};
      reset role;
      drop table app.storage_usage, app.file_versions, app.files;
      drop function app.default_storage_quota();
      alter table auth.resources drop column files;
    `);
  }
}

/** 10 GiB: what a tenant has before somebody says otherwise. */
const QUOTA = `
  create function app.default_storage_quota() returns bigint language sql immutable set search_path = '' return 10737418240;
  revoke all on function app.default_storage_quota() from public;
  grant execute on function app.default_storage_quota() to ringfence_app, ringfence_derive, ringfence_service;`;

const TABLES = `
  alter table auth.resources add column files boolean not null default false;
  create table app.files (
    tenant_id uuid not null references app.tenants (id),
    id uuid not null default uuidv7(),
    resource_type text not null,
    resource_id uuid not null,
    name text not null constraint files_name_check check (length(name) between 1 and 255 and name !~ '[[:cntrl:]]'),
    -- the version that is offered: the latest that is ready
    current integer,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    deleted_at timestamptz,
    primary key (tenant_id, id)
  );
  create index files_of_record on app.files (tenant_id, resource_type, resource_id, id desc);
  create index files_deleted on app.files (deleted_at) where deleted_at is not null;
  create table app.file_versions (
    tenant_id uuid not null,
    file_id uuid not null,
    number integer not null constraint file_versions_number_check check (number between 1 and 1000),
    content_type text not null constraint file_versions_content_type_check
      check (length(content_type) <= 127 and content_type ~ '^[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*$'),
    size bigint not null constraint file_versions_size_check check (size between 0 and 5368709120),
    sha256 text not null constraint file_versions_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    -- where it is sent to, and where it lies once it is inspected: no URL was ever made for writing there
    upload_key text not null constraint file_versions_upload_key_check check (starts_with(upload_key, tenant_id || '/' || file_id || '/')),
    object_key text not null constraint file_versions_object_key_check check (starts_with(object_key, tenant_id || '/' || file_id || '/')),
    upload_id text check (length(upload_id) <= 2000),
    status text not null default 'pending' check (status in ('pending', 'rejected', 'quarantined', 'ready', 'lost')),
    checking_since timestamptz,
    checking_token uuid,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    completed_at timestamptz,
    seen_at timestamptz,
    -- set: its objects are being removed
    swept_at timestamptz,
    primary key (tenant_id, file_id, number),
    constraint file_versions_file_fkey foreign key (tenant_id, file_id) references app.files (tenant_id, id)
  );
  create unique index file_versions_object_key on app.file_versions (object_key);
  create unique index file_versions_upload_key on app.file_versions (upload_key);
  create index file_versions_unfinished on app.file_versions (created_at) where status in ('pending', 'rejected') or swept_at is not null;
  create index file_versions_seen on app.file_versions (seen_at nulls first) where status in ('ready', 'lost');
  create table app.storage_usage (
    tenant_id uuid primary key references app.tenants (id),
    bytes bigint not null default 0 check (bytes >= 0),
    bytes_at_most bigint not null default app.default_storage_quota() constraint storage_usage_bytes_at_most_check check (bytes_at_most >= 0)
  );
  call app.protect_table('app.files', 'file', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app',
    p_sees => 'false', p_other_indexes => '{files_deleted}');
  call app.protect_table('app.file_versions', 'file', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app',
    p_sees => 'status <> ''rejected'' and (select true from app.files f where f.tenant_id = file_versions.tenant_id and f.id = file_versions.file_id)',
    p_other_indexes => '{file_versions_object_key,file_versions_upload_key,file_versions_unfinished,file_versions_seen}');
  call app.protect_table('app.storage_usage', 'file', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app');
  ${['files', 'file_versions', 'storage_usage']
    .map(
      (table) => `grant select, insert, update, delete on app.${table} to ringfence_derive;
  create policy derive_reads on app.${table} for select to ringfence_derive using (true);
  create policy derive_inserts on app.${table} for insert to ringfence_derive with check (true);
  create policy derive_changes on app.${table} for update to ringfence_derive using (true);
  create policy derive_deletes on app.${table} for delete to ringfence_derive using (true);
  call app.hide_statistics('app.${table}');`,
    )
    .join('\n  ')}
  call app.hide_statistics('app.file_versions', '{object_key,upload_key}');
  call app.audit_table('app.files', 'file', p_ignored => '{current}');
  call app.audit_table('app.file_versions', 'file', 'file_id',
    p_ignored => '{upload_key,object_key,upload_id,checking_since,checking_token,completed_at,seen_at,swept_at,created_by}');`;

const ATTACH = `
  -- Lets files hang at the records of a table, after register_resource. The rule of files then asks that table, too, as the
  -- caller: row by row, by its key. EXISTS would let the planner read all records of the tenant first, for a page of twenty.
  create procedure app.attach_files(p_table regclass) language plpgsql set search_path = '' as $$
  declare
    kind text;
  begin
    update auth.resources r set files = true where r.relation = p_table returning r.resource into kind;
    if kind is null then
      raise exception 'attach_files(%): register_resource comes first', p_table using errcode = '42P16';
    end if;
    execute (select format('alter policy may_select on app.files using (deleted_at is null and (select app.may(''file:read'')) and (%s))',
        string_agg(format('resource_type = %L and (select true from %s r where r.tenant_id = files.tenant_id and r.id = files.resource_id)',
          r.resource, r.relation), ' or ' order by r.resource)) from auth.resources r where r.files);
    execute format('create trigger delete_files after delete on %s for each row execute function app.delete_files_of_record(%L)', p_table, kind);
    execute format('alter table %s enable always trigger delete_files', p_table);
  end $$;
  revoke all on procedure app.attach_files(regclass) from public;`;
