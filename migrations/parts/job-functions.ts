const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0028: what the application may do with jobs, in its own transaction and as who it is. */
export const DOORS = `
  -- Into the queue: what it needs to find the row again, and nothing else. Fairness goes by tenant.
  create function app.queue_job(j app.jobs) returns void language plpgsql set search_path = '' as $$
  begin
    insert into pgboss.job (name, data, group_id, start_after, created_on, keep_until, policy, dead_letter, retry_limit, retry_delay,
        retry_backoff, retry_delay_max, expire_seconds, heartbeat_seconds, deletion_seconds)
      select q.name, jsonb_build_object('tenantId', j.tenant_id, 'jobId', j.id, 'kind', j.kind, 'queuedAt', j.queued_at),
             j.tenant_id::text, j.run_after, now(), j.run_after + make_interval(secs => q.retention_seconds), q.policy, q.dead_letter,
             j.attempts_at_most - 1, q.retry_delay, q.retry_backoff, q.retry_delay_max, j.timeout_seconds + 15, q.heartbeat_seconds,
             q.deletion_seconds
        from pgboss.queue q where q.name = 'tenant';
    if not found then
      raise exception 'there is no queue for jobs' using errcode = 'P0001';
    end if;
  end $$;

  -- For the caller, in the caller's tenant: who that is, nobody says but the context; and what a job puts off may do no more
  -- than that job. A key that this person used already for this kind gives the job that it was used for; one that is dead is
  -- queued again, as it is asked for now.
  create function app.enqueue_job(p_kind text, p_payload jsonb, p_key text, p_delay_seconds integer, p_attempts integer,
      p_timeout_seconds integer) returns uuid ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    j app.jobs;
  begin
    if me.tenant_id is null then
      raise exception 'nobody is acting: there is no context' using errcode = 'RF027';
    elsif jsonb_typeof(p_payload) is distinct from 'object' then
      raise exception 'a payload is an object' using errcode = '23514', constraint = 'jobs_payload_check';
    elsif exists (select from app.jobs o where o.tenant_id = me.tenant_id and o.status = 'queued' offset 10000) then
      raise exception 'too many jobs of the tenant wait' using errcode = 'RF033';
    end if;
    insert into app.jobs as o (tenant_id, kind, payload, key, actor_id, aal, auth_time, scopes, attempts_at_most, timeout_seconds, run_after)
      select me.tenant_id, p_kind, p_payload, p_key, me.user_id, me.aal, c.auth_time, c.scopes, p_attempts, p_timeout_seconds,
             now() + make_interval(secs => p_delay_seconds)
        from auth.capabilities c where c.hash = sha256(convert_to(current_setting('app.cap'), 'UTF8'))
      on conflict (tenant_id, actor_id, kind, key) do update set status = 'queued', payload = excluded.payload, aal = excluded.aal,
          auth_time = excluded.auth_time, scopes = excluded.scopes, attempts_at_most = excluded.attempts_at_most,
          timeout_seconds = excluded.timeout_seconds, run_after = excluded.run_after, queued_at = now(), attempt = 0,
          finished_at = null, error = null
        where o.status = 'dead' returning * into j;
    if j.id is null then
      select * into j from app.jobs o where o.tenant_id = me.tenant_id and o.actor_id = me.user_id and o.kind = p_kind and o.key = p_key;
    else
      perform app.queue_job(j);
    end if;
    return j.id;
  end $$;

  -- The last statement of a job's own transaction: what it did and that it is done are one. Raises for a run that is not the
  -- job's any more, so that a second one leaves nothing. What waits for COMMIT is done before the capability goes: the log
  -- shall say whose job it was.
  create function app.finish_job() returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
  begin
    update app.jobs j set status = 'succeeded', finished_at = clock_timestamp(), payload = null, error = null
     where j.tenant_id = me.tenant_id and j.id = me.job_id and j.status = 'running';
    if not found then
      raise exception 'the job is not under way here' using errcode = 'RF029';
    end if;
    set constraints all immediate;
    delete from auth.capabilities c where c.job_id = me.job_id;
  end $$;

  -- A dead one once more, for whom it was made by; by them, or by somebody above them: it acts with their rights.
  create function app.retry_job(p_id uuid) returns boolean ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    j app.jobs;
  begin
    if not coalesce('job:update' = any (me.permissions), false) then
      raise exception 'job:update is needed' using errcode = 'RF007', detail = 'job:update';
    end if;
    select * into j from app.jobs o where o.tenant_id = me.tenant_id and o.id = p_id for update;
    if j.actor_id <> me.user_id and exists (select from app.memberships m
        where m.tenant_id = me.tenant_id and m.user_id = j.actor_id and not m.role_id = any (me.subordinate_role_ids)) then
      raise exception 'the role of whoever made it is not below the caller''s' using errcode = 'RF005';
    end if;
    update app.jobs o set status = 'queued', attempt = 0, finished_at = null, error = null, queued_at = now(), run_after = now()
     where o.tenant_id = me.tenant_id and o.id = p_id and o.status = 'dead' returning * into j;
    if not found then
      return false;
    end if;
    perform app.queue_job(j);
    return true;
  end $$;`;

/** Of migration 0028: what a worker asks of the database before and after a run. It has no context; it makes one. */
export const WORKER = `
  -- Takes the job up and gives the capability whose hash is named the rights of whoever it was made by, within p_scopes and
  -- for as long as the job may take. Whoever ran it before has lost theirs. A level of assurance lasts no longer than a session.
  -- refusal: over, there is nothing to do; actor_gone, it is dead; busy and tenant_suspended, later, and no attempt is counted.
  create function auth.begin_job(p_tenant uuid, p_job uuid, p_kind text, p_hash bytea, p_scopes text[], p_at_once integer,
      out attempt integer, out payload jsonb, out actor_id uuid, out aal smallint, out refusal text) ${DEFINER} as $$
  declare
    j app.jobs;
  begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('jobs-at-once:' || p_tenant, 0));
    select * into j from app.jobs o where o.tenant_id = p_tenant and o.id = p_job for update;
    if j.id is null or j.kind <> p_kind or j.status not in ('queued', 'running') then
      refusal := 'over';
      return;
    end if;
    refusal := case
      when exists (select from app.tenants t where t.id = p_tenant and t.status <> 'active') then 'tenant_suspended'
      when (select count(*) from app.jobs o join auth.capabilities c on c.job_id = o.id and c.expires_at > now()
             where o.tenant_id = p_tenant and o.status = 'running' and o.id <> p_job) >= p_at_once then 'busy' end;
    if refusal is not null then
      return;
    end if;
    perform from auth.users u where u.id = j.actor_id for share;   -- whoever is disabled meanwhile loses this capability, too
    aal := case when j.auth_time > now() - interval '12 hours' then j.aal else 1 end;
    delete from auth.capabilities c where c.job_id = p_job;
    insert into auth.capabilities (hash, job_id, user_id, tenant_id, role_id, member_status, tenant_status, min_aal, aal, auth_time,
        scopes, expires_at)
      select p_hash, p_job, m.user_id, m.tenant_id, m.role_id, m.status, m.tenant_status, m.tenant_min_aal, begin_job.aal, j.auth_time,
             case when j.scopes is null then p_scopes else array(select unnest(p_scopes) intersect select unnest(j.scopes)) end,
             now() + make_interval(secs => j.timeout_seconds + 30)
        from app.memberships m join auth.users u on u.id = m.user_id
       where m.tenant_id = p_tenant and m.user_id = j.actor_id and u.status = 'active';
    if not found then
      refusal := 'actor_gone';
    end if;
    update app.jobs o set attempt = o.attempt + 1, started_at = clock_timestamp(),
           status = case when refusal is null then 'running' else 'dead' end, error = refusal,
           finished_at = case when refusal is not null then clock_timestamp() end
     where o.tenant_id = p_tenant and o.id = p_job returning o.attempt into attempt;
    payload := j.payload; actor_id := j.actor_id;
  end $$;

  -- After a run that did not finish: to be tried again, or dead; nothing, where another run has begun. p_hash: of the run's
  -- capability. p_error: a code.
  create function auth.fail_job(p_tenant uuid, p_job uuid, p_hash bytea, p_error text, p_dead boolean) returns void ${DEFINER} as $$
  begin
    delete from auth.capabilities c where c.hash = p_hash and c.job_id = p_job;
    if found then
      update app.jobs o set status = case when p_dead then 'dead' else 'queued' end, error = left(p_error, 200),
             finished_at = case when p_dead then clock_timestamp() end
       where o.tenant_id = p_tenant and o.id = p_job and o.status = 'running';
    end if;
  end $$;

  -- One that the queue gave up, whatever became of its last run; nothing, where somebody has retried it since.
  create function auth.bury_job(p_tenant uuid, p_job uuid, p_queued_at timestamptz, p_error text) returns void ${DEFINER} as $$
  begin
    update app.jobs o set status = 'dead', error = left(p_error, 200), finished_at = clock_timestamp()
     where o.tenant_id = p_tenant and o.id = p_job and o.queued_at = p_queued_at and o.status in ('queued', 'running');
    if found then
      delete from auth.capabilities c where c.job_id = p_job;
    end if;
  end $$;

  -- Those that are over, after p_days; and those that the queue lost are dead: it keeps what waits for 14 days. @returns how
  -- many are forgotten
  create function auth.forget_jobs(p_days integer) returns bigint ${DEFINER} as $$
  declare
    n bigint;
  begin
    delete from app.jobs o where o.status in ('succeeded', 'dead') and o.finished_at < now() - make_interval(days => p_days);
    get diagnostics n = row_count;
    update app.jobs o set status = 'dead', error = 'lost', finished_at = clock_timestamp()
     where o.status in ('queued', 'running') and o.run_after < now() - interval '15 days';
    return n;
  end $$;

  -- For the metrics of a worker: how many jobs there are in each state and of each kind, and since when the oldest waits.
  create function auth.job_counts() returns table (kind text, status text, jobs bigint, oldest_seconds double precision)
    language sql stable security definer set search_path = '' as $$
    select o.kind, o.status, count(*), max(extract(epoch from now() - o.run_after))::float8
      from app.jobs o where o.status <> 'succeeded' group by 1, 2 limit 1000   -- SQL may make up kinds
  $$;`;

export const DOOR_NAMES = [
  'app.enqueue_job(text, jsonb, text, integer, integer, integer)',
  'app.finish_job()',
  'app.retry_job(uuid)',
];
export const WORKER_NAMES = [
  'auth.begin_job(uuid, uuid, text, bytea, text[], integer)',
  'auth.fail_job(uuid, uuid, bytea, text, boolean)',
  'auth.bury_job(uuid, uuid, timestamptz, text)',
  'auth.forget_jobs(integer)',
  'auth.job_counts()',
];
