import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { SWEEPERS } from './parts/file-sweepers.js';
import { ASKED, REQUESTS, RUNS, RUN_NAMES, SWEEP_NAMES, SWEEPS } from './parts/tenant-archives.js';

/**
 * Why: operators ask for the export or the erasure of a tenant over HTTP, and both last longer than a request. The row is
 * made in the request's transaction and says who asked, as the database knows them; nobody can write it otherwise. A worker
 * acts as that operator, and only while they are one: each of its transactions asks again. The row outlives its tenant, as
 * the certificate that it holds does, so it is bound to the tenant by no key.
 *
 * The queue says when, the row what has become of it; the row in the queue has its id. One at a time for a tenant: an
 * export of what is being erased is worth nothing.
 */
export class CreateTenantArchives1764000000033 implements MigrationInterface {
  name = 'CreateTenantArchives1764000000033';

  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLE);
    await q.query(QUEUE);
    await q.query(`grant create on schema auth to ringfence_context; set role ringfence_context; ${ASKED}; reset role;
      revoke create on schema auth from ringfence_context`);
    await q.query(ACTING_OR_ASKED);
    await q.query(asDerive('app, auth', `${REQUESTS} ${RUNS} ${SWEEPS} ${UNKNOWN_BUT_FOR_ARCHIVES} ${GRANTS}`));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(asDerive('auth', UNKNOWN));
    await q.query(`
      ${ACTING}
      set role ringfence_context;
      drop function auth.enter_tenant_archive(uuid), auth.archive_operator();
      set role ringfence_derive;
      drop function app.request_tenant_archive(uuid, text), ${[...RUN_NAMES, ...SWEEP_NAMES].join(', ')};
      reset role;
      revoke select (state) on pgboss.job from ringfence_derive;
      delete from pgboss.job where name = 'tenant-archive';
      select pgboss.delete_queue('tenant-archive');
      drop table auth.tenant_archives;
    `);
  }
}

const TABLE = `
  create table auth.tenant_archives (
    id uuid primary key default uuidv7(),
    tenant_id uuid not null,
    slug text not null,
    op text not null constraint tenant_archives_op_check check (op in ('export', 'erase')),
    requested_by uuid not null,
    status text not null default 'queued'
      constraint tenant_archives_status_check check (status in ('queued', 'running', 'done', 'failed')),
    attempt integer not null default 0,
    -- a code
    error text,
    -- of an export, from its run until it is swept; under the tenant, so that an erasure takes it along
    object_key text constraint tenant_archives_object_key_check check (starts_with(object_key, tenant_id || '/' || id || '/')),
    size bigint,
    -- of the archive, or of the certificate
    sha256 text constraint tenant_archives_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    -- files whose bytes the store did not have
    missing_files integer,
    -- as it was hashed: jsonb would be another text
    certificate text,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    expires_at timestamptz
  );
  create unique index tenant_archives_under_way on auth.tenant_archives (tenant_id) where status in ('queued', 'running');
  create unique index tenant_archives_object_key on auth.tenant_archives (object_key);
  create index tenant_archives_expiring on auth.tenant_archives (expires_at) where object_key is not null;
  grant select, insert, update on auth.tenant_archives to ringfence_derive;
  grant select (id, requested_by, status) on auth.tenant_archives to ringfence_context;
  grant select, delete on auth.tenant_archives to ringfence_service;
  grant select (state) on pgboss.job to ringfence_derive`;

/** Three tries. Half a day for one: a worker that is killed misses its heartbeat, and is not waited for. */
const QUEUE = `
  select pgboss.create_queue('tenant-archive', '{"policy": "standard", "retryLimit": 2, "retryDelay": 60, "retryBackoff": true,
    "expireInSeconds": 43200, "heartbeatSeconds": 60, "retentionSeconds": 1209600, "deleteAfterSeconds": 3600}')`;

/** As 0020 has left it. */
const ACTING = `
  create or replace function auth.acting_operator() returns uuid language plpgsql stable set search_path = '' as $$
  begin
    if nullif(current_setting('app.cap', true), '') is null and current_setting('app.command_line', true) = 'on' then
      return null;
    end if;
    return auth.operator();
  end $$;`;

const ACTING_OR_ASKED = ACTING.replace(
  '    return auth.operator();',
  `    if nullif(current_setting('app.cap', true), '') is null and nullif(current_setting('app.tenant_archive', true), '') is not null then
      return auth.archive_operator();
    end if;
    return auth.operator();`,
);

/** As 0029 has left it. */
const UNKNOWN = ((from: number): string =>
  SWEEPERS.slice(from, SWEEPERS.indexOf('$$;', from) + 3).replace('create function', 'create or replace function'))(
  SWEEPERS.indexOf('create function auth.unknown_objects('),
);

const UNKNOWN_BUT_FOR_ARCHIVES = UNKNOWN.replace(
  /\n(\s*)\$\$;$/,
  '\n$1  and not exists (select from auth.tenant_archives a where a.object_key = k.key)\n$1$$$$;',
);

const GRANTS = `
  revoke all on function app.request_tenant_archive(uuid, text), ${[...RUN_NAMES, ...SWEEP_NAMES].join(', ')} from public;
  grant execute on function app.request_tenant_archive(uuid, text), ${RUN_NAMES.join(', ')} to ringfence_service;
  grant execute on function ${SWEEP_NAMES.join(', ')} to ringfence_auth`;
