import { BACKLOG, DEFINER } from './webhook-functions.js';

/** Of migration 0035: what a worker asks of the database before and after it sends. No transaction is open in between. */
export const WORKER = `
  -- refusal: over, there is nothing to send; tenant_suspended and early, not for wait_seconds, and no attempt is counted.
  create function auth.begin_delivery(p_tenant uuid, p_delivery uuid, p_attempts integer, out attempt integer, out webhook_id uuid,
      out message_id uuid, out payload jsonb, out url text, out secrets jsonb, out wait_seconds integer, out refusal text) ${DEFINER} as $$
  declare
    d app.webhook_deliveries;
    w app.webhooks;
    broken text;
  begin
    select * into d from app.webhook_deliveries o where o.tenant_id = p_tenant and o.id = p_delivery for update;
    if d.id is null or d.status <> 'pending' then
      refusal := 'over';
      return;
    elsif exists (select from app.tenants t where t.id = p_tenant and t.status <> 'active') then
      refusal := 'tenant_suspended';
      wait_seconds := 300;
      return;
    end if;
    select * into w from app.webhooks o where o.tenant_id = p_tenant and o.id = d.webhook_id;
    broken := case when w.status <> 'active' then 'webhook_disabled' when d.attempts >= p_attempts then 'worker_lost' end;
    if broken is not null then
      update app.webhook_deliveries o set status = 'failed', error_code = broken, next_attempt_at = null
       where o.tenant_id = p_tenant and o.id = p_delivery;
      refusal := 'over';
      return;
    elsif d.next_attempt_at > now() + interval '1 second' then
      refusal := 'early';
      wait_seconds := ceil(extract(epoch from d.next_attempt_at - now()));
      return;
    end if;
    update app.webhook_deliveries o set attempts = o.attempts + 1, last_attempt_at = clock_timestamp()
     where o.tenant_id = p_tenant and o.id = p_delivery returning o.attempts into attempt;
    webhook_id := w.id; message_id := d.message_id; url := w.url;
    payload := (select m.payload from app.webhook_messages m where m.tenant_id = p_tenant and m.id = d.message_id);
    secrets := (select jsonb_agg(jsonb_build_object('id', s.id, 'sealed', s.secret_encrypted) order by s.expires_at nulls first)
      from auth.webhook_secrets s where s.tenant_id = p_tenant and s.webhook_id = w.id and coalesce(s.expires_at > now(), true));
  end $$;

  -- p_wait_seconds: until the next attempt; null, there is none. @returns why the endpoint is disabled by this; null: it is not
  create function auth.finish_delivery(p_tenant uuid, p_delivery uuid, p_attempt integer, p_delivered boolean, p_response_status integer,
      p_error text, p_duration_ms integer, p_wait_seconds integer, p_failing_for interval) returns text ${DEFINER} as $$
  declare
    endpoint uuid := (select d.webhook_id from app.webhook_deliveries d where d.tenant_id = p_tenant and d.id = p_delivery);
    reason text;
  begin
    perform from app.webhooks w where w.tenant_id = p_tenant and w.id = endpoint for no key update;
    -- given up while it was under way: what became of it holds
    update app.webhook_deliveries d set response_status = p_response_status, error_code = p_error, duration_ms = p_duration_ms,
           status = case when p_delivered then 'delivered' when p_wait_seconds is null then 'failed' else 'pending' end,
           next_attempt_at = case when not p_delivered then now() + make_interval(secs => p_wait_seconds) end
     where d.tenant_id = p_tenant and d.id = p_delivery and d.attempts = p_attempt
       and (d.status = 'pending' or d.error_code = 'webhook_disabled')
     returning d.webhook_id into endpoint;
    if endpoint is null then
      return null;
    elsif p_delivered then
      update app.webhooks w set failing_since = null where w.tenant_id = p_tenant and w.id = endpoint and w.failing_since is not null;
      return null;
    end if;
    update app.webhooks w set failing_since = now() where w.tenant_id = p_tenant and w.id = endpoint and w.failing_since is null;
    update app.webhooks w set status = 'disabled', disabled_reason = case when p_response_status = 410 then 'gone' else 'failing' end
     where w.tenant_id = p_tenant and w.id = endpoint and w.status = 'active'
       and (p_response_status = 410 or w.failing_since < now() - p_failing_for)
     returning w.disabled_reason into reason;
    if reason is not null then
      perform app.write_audit(p_tenant, 'task', null, null, 'webhook.disabled', 'webhook', endpoint, 'success', null, 1, '{}',
        jsonb_build_object('reason', reason));
    end if;
    return reason;
  end $$;

  -- An attempt that was none: the process stops.
  create function auth.put_off_delivery(p_tenant uuid, p_delivery uuid, p_attempt integer) returns void language sql security definer set search_path = '' as $$
    update app.webhook_deliveries d set attempts = d.attempts - 1
     where d.tenant_id = p_tenant and d.id = p_delivery and d.status = 'pending' and d.attempts = p_attempt
  $$;

  -- Who is told that it is disabled: whoever made it, while they are a member, and owners; nobody, twice in a day.
  create function auth.webhook_contacts(p_tenant uuid, p_webhook uuid) returns table (email text, tenant_name text, url text)
    language sql security definer set search_path = '' as $$
    with w as (update app.webhooks o set mailed_at = now() where o.tenant_id = p_tenant and o.id = p_webhook
        and coalesce(o.mailed_at < now() - interval '1 day', true) returning o.*)
    select u.email, t.name, w.url
      from w join app.tenants t on t.id = w.tenant_id
      join app.memberships m on m.tenant_id = w.tenant_id and m.status = 'active'
      join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
      join auth.users u on u.id = m.user_id and u.status = 'active'
     where (r.is_root or m.user_id = w.created_by)
     order by m.user_id <> w.created_by, u.id limit 10
  $$;

  -- Messages with their deliveries, after so long; and what the queue does not have any more has failed. @returns how many went
  create function auth.sweep_webhooks(p_keep interval, p_limit integer) returns bigint ${DEFINER} as $$
  declare
    n bigint;
  begin
    delete from app.webhook_messages m using (
        select o.tenant_id, o.id from app.webhook_messages o where o.created_at < now() - p_keep order by o.created_at limit p_limit) x
     where (m.tenant_id, m.id) = (x.tenant_id, x.id);
    get diagnostics n = row_count;
    update app.webhook_deliveries d set status = 'failed', error_code = 'lost', next_attempt_at = null
     where d.status = 'pending' and d.created_at < now() - interval '1 hour'
       and not exists (select from pgboss.job j where j.name = 'webhook' and j.id = d.id and j.state < 'completed');
    return n;
  end $$;

  -- Of one endpoint that cannot keep up (it is disabled by this), or that is disabled: all that waits has failed, and leaves
  -- the queue, without a worker for each. All null: there is none, or none any more.
  create function auth.clear_backlog(p_behind interval, out tenant_id uuid, out webhook_id uuid, out disabled boolean) ${DEFINER} as $$
  declare
    w app.webhooks;
  begin
    select o.* into w from app.webhooks o join (select d.tenant_id, d.webhook_id, count(*) as n, min(d.created_at) as oldest
          from app.webhook_deliveries d where d.status = 'pending' group by 1, 2) x on (x.tenant_id, x.webhook_id) = (o.tenant_id, o.id)
     where o.status = 'disabled' or (x.n >= ${BACKLOG} and x.oldest < now() - p_behind) limit 1 for no key update of o;
    if w.id is null then
      return;
    end if;
    tenant_id := w.tenant_id; webhook_id := w.id; disabled := w.status = 'active';
    if disabled then
      update app.webhooks o set status = 'disabled', disabled_reason = 'backlog' where o.tenant_id = w.tenant_id and o.id = w.id;
      perform app.write_audit(w.tenant_id, 'task', null, null, 'webhook.disabled', 'webhook', w.id, 'success', null, 1, '{}',
        jsonb_build_object('reason', 'backlog'));
    end if;
    with given_up as (update app.webhook_deliveries d set status = 'failed', error_code = 'webhook_disabled', next_attempt_at = null
        where d.tenant_id = w.tenant_id and d.webhook_id = w.id and d.status = 'pending' returning d.id)
    delete from pgboss.job j using given_up g where j.name = 'webhook' and j.id = g.id and j.state <> 'active';
  end $$;

  -- For the metrics of a worker: how many wait, and since when the oldest is due.
  create function auth.webhook_counts() returns table (deliveries bigint, oldest_seconds double precision)
    language sql stable security definer set search_path = '' as $$
    select count(*), coalesce(max(extract(epoch from now() - coalesce(d.next_attempt_at, d.created_at))), 0)::float8
      from app.webhook_deliveries d where d.status = 'pending'
  $$;`;

export const WORKER_NAMES = [
  'auth.begin_delivery(uuid, uuid, integer)',
  'auth.finish_delivery(uuid, uuid, integer, boolean, integer, text, integer, integer, interval)',
  'auth.put_off_delivery(uuid, uuid, integer)',
  'auth.webhook_contacts(uuid, uuid)',
  'auth.sweep_webhooks(interval, integer)',
  'auth.clear_backlog(interval)',
  'auth.webhook_counts()',
];
