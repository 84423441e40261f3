const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0033: as whom a worker moves a tenant. */
export const ASKED = `
  -- The operator who asked for what this transaction is about, while it is under way and they are one.
  create function auth.archive_operator() returns uuid language plpgsql stable security definer set search_path = '' as $$
  declare
    held record;
  begin
    select a.requested_by, u.status = 'active' and o.user_id is not null as operates into held
      from auth.tenant_archives a left join auth.users u on u.id = a.requested_by left join auth.operators o on o.user_id = u.id
     where a.id = nullif(current_setting('app.tenant_archive', true), '')::uuid and a.status = 'running';
    if held.requested_by is null then
      raise exception 'nobody is asking' using errcode = 'RF023';
    elsif held.operates is not true then
      raise exception 'not an operator' using errcode = 'RF022';
    end if;
    return held.requested_by;
  end $$;

  -- The first statement of a worker's transaction.
  create function auth.enter_tenant_archive(p_id uuid) returns uuid language plpgsql set search_path = '' as $$
  begin
    perform set_config('app.tenant_archive', p_id::text, true);
    return auth.archive_operator();
  end $$;
  revoke all on function auth.archive_operator(), auth.enter_tenant_archive(uuid) from public;
  grant execute on function auth.archive_operator() to ringfence_service, ringfence_derive;
  grant execute on function auth.enter_tenant_archive(uuid) to ringfence_service`;

export const REQUESTS = `
  -- By an operator, in their own transaction: the command line does it at once, and leaves no row.
  create function app.request_tenant_archive(p_tenant uuid, p_op text) returns uuid ${DEFINER} as $$
  declare
    operator constant uuid := auth.acting_operator();
    t app.tenants;
    made uuid;
  begin
    if operator is null then
      raise exception 'not an operator' using errcode = 'RF022';
    end if;
    select * into t from app.tenants o where o.id = p_tenant;
    if t.id is null then
      raise exception 'no such tenant' using errcode = 'P0002';
    elsif p_op = 'erase' and t.status <> 'suspended' then
      raise exception 'the tenant is not suspended' using errcode = 'RF035';
    end if;
    insert into auth.tenant_archives (tenant_id, slug, op, requested_by) values (t.id, t.slug, p_op, operator)
      on conflict (tenant_id) where status in ('queued', 'running') do nothing returning id into made;
    if made is null then
      raise exception 'an export or erasure is under way' using errcode = 'RF037';
    end if;
    -- without the tenant's id: an erasure deletes what waits for the tenant, and is not to delete itself
    insert into pgboss.job (name, id, data, keep_until, policy, retry_limit, retry_delay, retry_backoff, retry_delay_max,
        expire_seconds, heartbeat_seconds, deletion_seconds)
      select q.name, made, jsonb_build_object('archiveId', made), now() + make_interval(secs => q.retention_seconds), q.policy,
             q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.expire_seconds, q.heartbeat_seconds, q.deletion_seconds
        from pgboss.queue q where q.name = 'tenant-archive';
    if not found then
      raise exception 'there is no queue for tenants' using errcode = 'P0001';
    end if;
    return made;
  end $$;`;

/** What a worker says of a run. Each run is an attempt, and what a former one says counts no more. */
export const RUNS = `
  -- An export gets a new key: nothing is written over. former_key: where a run that was lost may have left an object. over:
  -- there is nothing to do.
  create function auth.begin_tenant_archive(p_id uuid, out over boolean, out tenant_id uuid, out op text, out attempt integer,
      out object_key text, out former_key text) ${DEFINER} as $$
  begin
    select a.object_key into former_key from auth.tenant_archives a where a.id = p_id for update;
    update auth.tenant_archives a set status = 'running', attempt = a.attempt + 1,
           object_key = case when a.op = 'export' then concat_ws('/', a.tenant_id, a.id, gen_random_uuid()) end
     where a.id = p_id and a.status in ('queued', 'running')
    returning a.tenant_id, a.op, a.attempt, a.object_key
      into begin_tenant_archive.tenant_id, begin_tenant_archive.op, begin_tenant_archive.attempt, begin_tenant_archive.object_key;
    over := not found;
  end $$;

  -- @returns whether the run was still the one that counts
  create function auth.finish_tenant_archive(p_id uuid, p_attempt integer, p_sha256 text, p_size bigint, p_missing integer,
      p_certificate text) returns boolean ${DEFINER} as $$
  begin
    update auth.tenant_archives a set status = 'done', error = null, finished_at = clock_timestamp(), sha256 = p_sha256, size = p_size,
           missing_files = p_missing, certificate = p_certificate,
           expires_at = case when a.op = 'export' then now() + interval '7 days' end
     where a.id = p_id and a.attempt = p_attempt and a.status = 'running';
    return found;
  end $$;

  -- To be tried again, unless p_final. What a run may have left in the store is nobody's from now on.
  create function auth.fail_tenant_archive(p_id uuid, p_attempt integer, p_error text, p_final boolean) returns void ${DEFINER} as $$
  begin
    update auth.tenant_archives a set status = case when p_final then 'failed' else 'queued' end, error = left(p_error, 200),
           object_key = null, finished_at = case when p_final then clock_timestamp() end
     where a.id = p_id and a.attempt = p_attempt and a.status = 'running';
  end $$;`;

/** Of the installation, for nobody. */
export const SWEEPS = `
  -- Archives that have expired: their objects go first, then their keys.
  create function auth.archives_to_sweep(p_limit integer) returns table (id uuid, object_key text)
    language sql stable security definer set search_path = '' as $$
    select a.id, a.object_key from auth.tenant_archives a
     where a.object_key is not null and a.expires_at < now() order by a.expires_at limit p_limit
  $$;

  create function auth.sweep_archive(p_id uuid) returns void ${DEFINER} as $$
  begin
    update auth.tenant_archives a set object_key = null where a.id = p_id and a.expires_at < now();
  end $$;

  -- What is under way and not in the queue any more: its worker was lost at the last try. @returns their ids
  create function auth.fail_lost_archives() returns setof uuid ${DEFINER} as $$
  begin
    return query
      update auth.tenant_archives a set status = 'failed', error = coalesce(a.error, 'worker_lost'), object_key = null,
             finished_at = clock_timestamp()
       where a.status in ('queued', 'running') and not exists (
         select from pgboss.job j where j.name = 'tenant-archive' and j.id = a.id and j.state in ('created', 'retry', 'active'))
      returning a.id;
  end $$;`;

export const RUN_NAMES = [
  'auth.begin_tenant_archive(uuid)',
  'auth.finish_tenant_archive(uuid, integer, text, bigint, integer, text)',
  'auth.fail_tenant_archive(uuid, integer, text, boolean)',
];
export const SWEEP_NAMES = ['auth.archives_to_sweep(integer)', 'auth.sweep_archive(uuid)', 'auth.fail_lost_archives()'];
