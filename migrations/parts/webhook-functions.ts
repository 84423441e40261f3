/** Deliveries that may wait for one endpoint: each look into the queue passes them, whoever's turn it is. */
export const BACKLOG = 2000;
/** Webhooks of a tenant: each costs every change of it a delivery. */
const WEBHOOKS = 20;
export const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0035: from an entry of the audit log to the queue. */
export const FAN_OUT = `
  -- One delivery for each endpoint, and the row in the queue that has its id. Fairness goes by tenant.
  create function app.queue_deliveries(p_tenant uuid, p_message uuid, p_webhooks uuid[]) returns uuid[] language plpgsql set search_path = '' as $$
  declare
    made uuid[];
  begin
    with d as (insert into app.webhook_deliveries (tenant_id, webhook_id, message_id)
        select p_tenant, w, p_message from unnest(p_webhooks) w returning id),
    queued as (insert into pgboss.job (name, id, data, group_id, keep_until, policy, retry_limit, retry_delay, retry_backoff, retry_delay_max,
        expire_seconds, deletion_seconds)
      select q.name, d.id, jsonb_build_object('tenantId', p_tenant, 'deliveryId', d.id), p_tenant::text,
             now() + make_interval(secs => q.retention_seconds), q.policy, q.retry_limit, q.retry_delay, q.retry_backoff,
             q.retry_delay_max, q.expire_seconds, q.deletion_seconds
        from pgboss.queue q, d where q.name = 'webhook' returning id)
    select array_agg(id) into made from queued;
    if made is null then
      raise exception 'there is no queue for webhooks' using errcode = 'P0001';
    end if;
    return made;
  end $$;

  create function app.webhook_message(p_tenant uuid, p_type text, p_at timestamptz, p_data jsonb) returns uuid
      language sql set search_path = '' as $$
    insert into app.webhook_messages (tenant_id, type, payload)
      values (p_tenant, p_type, jsonb_build_object('type', p_type,
        'timestamp', to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', jsonb_build_object('tenantId', p_tenant) || p_data))
      returning id
  $$;

  -- What was done, for who wants to hear of it. A tenant without an endpoint costs the one look-up. Endpoints are held until
  -- the end, so that none is deleted meanwhile. For one with a full backlog the delivery has failed as it is made.
  create function app.publish_event() returns trigger ${DEFINER} as $$
  declare
    wanted constant uuid[] := array(select w.id from app.webhooks w
      where w.tenant_id = new.tenant_id and w.status = 'active' and new.action = any (w.events)
      order by w.id for key share);
    filled uuid[];
    message uuid;
  begin
    if wanted = '{}' then
      return null;
    end if;
    filled := array(select w from unnest(wanted) w where ${BACKLOG} <= (select count(*) from (select from app.webhook_deliveries d
      where d.tenant_id = new.tenant_id and d.webhook_id = w and d.status = 'pending' limit ${BACKLOG}) waiting));
    message := app.webhook_message(new.tenant_id, new.action, new.at, jsonb_build_object(
      'targetType', new.target_type, 'targetId', new.target_id, 'actorId', new.actor_id, 'actorType', new.actor_type,
      'requestId', new.request_id));
    if not filled @> wanted then
      perform app.queue_deliveries(new.tenant_id, message, array(select w from unnest(wanted) w where w <> all (filled)));
    end if;
    insert into app.webhook_deliveries (tenant_id, webhook_id, message_id, status, error_code, next_attempt_at)
      select new.tenant_id, w, message, 'failed', 'backlog', null from unnest(filled) w;
    return null;
  end $$;`;

/** Of migration 0035: what the application may do with endpoints. Each asks for itself who may, and at which level. */
export const DOORS = `
  -- p_secret: the row's id, which its ciphertext is bound to. @returns null where the tenant has as many as it may have
  create function app.create_webhook(p_url text, p_events text[], p_description text, p_secret uuid, p_sealed text)
      returns uuid ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('webhook:create');
    made uuid;
  begin
    if (select count(*) from app.webhooks w where w.tenant_id = me.tenant_id) >= ${WEBHOOKS} then
      return null;
    end if;
    insert into app.webhooks (tenant_id, url, events, description, created_by)
      values (me.tenant_id, p_url, p_events, p_description, me.user_id) returning id into made;
    insert into auth.webhook_secrets (tenant_id, webhook_id, id, secret_encrypted) values (me.tenant_id, made, p_secret, p_sealed);
    return made;
  end $$;

  -- Whoever locks deliveries or messages beside a webhook locks the webhook first, then the message.
  -- p_versions: those that are expected; null, any
  create function app.webhook_at(p_tenant uuid, p_id uuid, p_versions integer[]) returns app.webhooks language plpgsql set search_path = '' as $$
  declare
    w app.webhooks;
  begin
    select * into w from app.webhooks o where o.tenant_id = p_tenant and o.id = p_id for no key update;
    if w.id is null then
      raise exception 'no such webhook' using errcode = 'P0002';
    elsif w.version <> all (p_versions) then
      raise exception 'the webhook has changed' using errcode = 'RF014';
    end if;
    return w;
  end $$;

  -- What is null stays. Another address, or being made active, is another chance: its failing is forgotten.
  create function app.update_webhook(p_id uuid, p_url text, p_events text[], p_description text, p_status text, p_versions integer[])
      returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('webhook:update');
    w constant app.webhooks := app.webhook_at(me.tenant_id, p_id, p_versions);
  begin
    update app.webhooks o set url = coalesce(p_url, o.url), events = coalesce(p_events, o.events),
           description = coalesce(p_description, o.description), status = coalesce(p_status, o.status),
           disabled_reason = case coalesce(p_status, o.status) when 'disabled' then coalesce(o.disabled_reason, 'by_hand') end,
           failing_since = case when p_status = 'active' or p_url <> o.url then null else o.failing_since end
     where o.tenant_id = w.tenant_id and o.id = w.id;
  end $$;

  create function app.delete_webhook(p_id uuid, p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('webhook:delete');
    w constant app.webhooks := app.webhook_at(me.tenant_id, p_id, p_versions);
  begin
    delete from pgboss.job j using app.webhook_deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.id
       and d.status = 'pending' and j.name = 'webhook' and j.id = d.id and j.state <> 'active';
    delete from app.webhooks o where o.tenant_id = w.tenant_id and o.id = w.id;
  end $$;

  -- The one that signed until now goes on beside the new one for so long; any older one ends. @returns when it ends
  create function app.rotate_webhook_secret(p_id uuid, p_overlap_seconds integer, p_secret uuid, p_sealed text) returns timestamptz ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('webhook:update');
    w constant app.webhooks := app.webhook_at(me.tenant_id, p_id, null);
    until_when constant timestamptz := now() + make_interval(secs => p_overlap_seconds);
  begin
    delete from auth.webhook_secrets s where s.tenant_id = w.tenant_id and s.webhook_id = w.id
       and (s.expires_at is not null or p_overlap_seconds = 0);
    update auth.webhook_secrets s set expires_at = until_when where s.tenant_id = w.tenant_id and s.webhook_id = w.id;
    insert into auth.webhook_secrets (tenant_id, webhook_id, id, secret_encrypted) values (w.tenant_id, w.id, p_secret, p_sealed);
    return until_when;
  end $$;

  create function app.webhook_to_send_to(me app.request_context, p_id uuid) returns text language plpgsql set search_path = '' as $$
  declare
    state text;
  begin
    if not coalesce('webhook:update' = any (me.permissions), false) then
      raise exception 'webhook:update is needed' using errcode = 'RF007', detail = 'webhook:update';
    end if;
    select w.status into state from app.webhooks w where w.tenant_id = me.tenant_id and w.id = p_id for share;
    if state is null then
      raise exception 'no such webhook' using errcode = 'P0002';
    end if;
    return state;
  end $$;

  -- These two send what may be sent to where it may be sent, so they ask for no second factor. @returns the delivery; null
  -- where the endpoint is disabled
  create function app.test_webhook(p_id uuid, p_request text) returns uuid ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    message uuid;
  begin
    if app.webhook_to_send_to(me, p_id) <> 'active' then
      return null;
    end if;
    message := app.webhook_message(me.tenant_id, 'webhook.test', now(), jsonb_build_object('targetType', 'webhook', 'targetId', p_id,
      'actorId', me.user_id, 'requestId', p_request,
      'actorType', case when me.job_id is not null then 'job' when to_jsonb(me) ->> 'key_id' is not null then 'key' else 'user' end));
    return (app.queue_deliveries(me.tenant_id, message, array[p_id]))[1];
  end $$;

  -- The same message to the same endpoint, as a delivery of its own. refusal: webhook_disabled, or delivery_pending
  create function app.replay_webhook_delivery(p_webhook uuid, p_delivery uuid, out id uuid, out refusal text) ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    state constant text := app.webhook_to_send_to(me, p_webhook);
    d app.webhook_deliveries;
  begin
    perform from app.webhook_messages m where m.tenant_id = me.tenant_id and m.id = (select o.message_id
      from app.webhook_deliveries o where o.tenant_id = me.tenant_id and o.id = p_delivery) for key share;
    select * into d from app.webhook_deliveries o
     where o.tenant_id = me.tenant_id and o.webhook_id = p_webhook and o.id = p_delivery;
    if d.id is null then
      raise exception 'no such delivery' using errcode = 'P0002';
    end if;
    refusal := case when state <> 'active' then 'webhook_disabled' when d.status = 'pending' then 'delivery_pending' end;
    if refusal is null then
      replay_webhook_delivery.id := (app.queue_deliveries(me.tenant_id, d.message_id, array[p_webhook]))[1];
    end if;
  end $$;`;

export const INNER_NAMES = [
  'app.queue_deliveries(uuid, uuid, uuid[])',
  'app.webhook_message(uuid, text, timestamptz, jsonb)',
  'app.webhook_at(uuid, uuid, integer[])',
  'app.webhook_to_send_to(app.request_context, uuid)',
];
export const DOOR_NAMES = [
  'app.create_webhook(text, text[], text, uuid, text)',
  'app.update_webhook(uuid, text, text[], text, text, integer[])',
  'app.delete_webhook(uuid, integer[])',
  'app.rotate_webhook_secret(uuid, integer, uuid, text)',
  'app.test_webhook(uuid, text)',
  'app.replay_webhook_delivery(uuid, uuid)',
];
