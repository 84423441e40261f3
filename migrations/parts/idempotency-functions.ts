const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0036. What a repeat meets; null: nobody has asked this before, or what they did is nobody's any more. */
const MET = `
    outcome := case
      when k.hash is null then null
      when k.kept is null and (k.token = p_token or k.leased_until <= clock_timestamp()) then null
      when k.kept is null then 'in_flight'
      when k.fingerprint <> p_fingerprints[array_position(p_hashes, k.hash)] then 'reused'
      else k.kept end;
    if outcome = 'answer' then
      status := k.status; headers := k.headers; body := k.body;
    end if;`;

/** About 100,000 live keys for one who asks: hashes are spread evenly, so that one part of 256 tells, and is quickly counted. */
const full = (table: string, whose: string): string => `
    if outcome is null and 400 <= (select count(*) from ${table} o where ${whose}
        and o.hash between substr(p_hashes[1], 1, 1) and substr(p_hashes[1], 1, 1) || decode(repeat('ff', 32), 'hex')) then
      outcome := 'full';
    end if;`;

/** @param askers whose locks are taken, as an array */
const begun = (table: string, whose: string, askers: string): string => `
    -- one transaction at a time asks and answers under a key; whoever comes meanwhile does not wait for it
    if not (select bool_and(pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('idempotency:' || x || encode(h, 'hex'), 0)))
              from unnest(p_hashes) h, unnest(${askers}) x) then
      outcome := 'in_flight';
      return;
    end if;
    select * into k from ${table} o where ${whose} and o.hash = any (p_hashes) and o.expires_at > now()
     order by o.kept is null, o.created_at desc limit 1;
    ${MET}${full(table, whose)}`;

const MINE = 'o.tenant_id = me.tenant_id and o.actor_id = asks';
const ME = `
    me constant app.request_context := app.context();
    asks constant uuid := coalesce(me.key_id, me.user_id);`;
const PUT = `fingerprint = excluded.fingerprint, token = excluded.token, leased_until = excluded.leased_until, kept = excluded.kept,
          status = excluded.status, headers = excluded.headers, body = excluded.body, created_at = now(), expires_at = excluded.expires_at
        where o.token = excluded.token or o.expires_at <= now() or o.leased_until <= clock_timestamp()`;

/** For a request in its tenant's transaction. Who asks, and where, nobody says but the context. */
export const IN_TENANT = `
  create function app.begin_idempotent(p_hashes bytea[], p_fingerprints bytea[], p_token uuid,
      out outcome text, out status smallint, out headers jsonb, out body text) ${DEFINER} as $$
  declare ${ME}
    k app.idempotency_keys;
  begin
    if me.tenant_id is null then
      raise exception 'nobody is acting: there is no context' using errcode = 'RF027';
    end if;
    ${begun('app.idempotency_keys', MINE, 'array[me.tenant_id::text || asks]')}
  end $$;

  -- What was answered, in the transaction that did it; p_kept null: that it is under way, for work between two transactions.
  -- Whoever has lost the lease of a key does nothing: it has gone to another request.
  create function app.keep_idempotent(p_hash bytea, p_fingerprint bytea, p_token uuid, p_kept text, p_status smallint, p_headers jsonb,
      p_body text) returns void ${DEFINER} as $$
  declare ${ME}
  begin
    insert into app.idempotency_keys as o (tenant_id, actor_id, hash, fingerprint, token, leased_until, kept, status, headers, body)
      values (me.tenant_id, asks, p_hash, p_fingerprint, p_token,
              case when p_kept is null then clock_timestamp() + interval '5 minutes' end, p_kept, p_status, p_headers, p_body)
      on conflict (tenant_id, actor_id, hash) do update set ${PUT};
    if not found then
      raise exception 'another request has this key' using errcode = 'RF034';
    end if;
  end $$;

  -- After a failure: it can be asked again at once.
  create function app.forget_idempotent(p_hash bytea, p_token uuid) returns void ${DEFINER} as $$
  declare ${ME}
  begin
    delete from app.idempotency_keys o where ${MINE} and o.hash = p_hash and o.token = p_token and o.kept is null;
  end $$;`;

const THEIRS = 'o.actor_id = any (actors)';

/** For what works outside a tenant's transaction: it is noted before and after, each in a transaction of its own. */
export const OUTSIDE = `
  -- p_cap: of who asks; p_networks: on public routes, where they are, the first is stored. outcome: ended, for one that
  -- does not count any more.
  create function auth.begin_idempotent(p_cap text, p_of_session boolean, p_networks uuid[], p_hashes bytea[],
      p_fingerprints bytea[], p_token uuid, out actor uuid, out outcome text, out status smallint, out headers jsonb, out body text) ${DEFINER} as $$
  declare
    actors constant uuid[] := case when p_cap is null then p_networks else array[auth.asker(p_cap, p_of_session)] end;
    k auth.idempotency_keys;
  begin
    actor := actors[1];
    if actor is null then
      outcome := 'ended';
      return;
    end if;
    ${begun('auth.idempotency_keys', THEIRS, 'actors')}
    if outcome is null then
      insert into auth.idempotency_keys as o (actor_id, hash, fingerprint, token, leased_until)
        values (actor, p_hashes[1], p_fingerprints[1], p_token, clock_timestamp() + interval '5 minutes')
        on conflict (actor_id, hash) do update set ${PUT};
    end if;
  end $$;

  create function auth.keep_idempotent(p_actor uuid, p_hash bytea, p_token uuid, p_kept text, p_status smallint, p_headers jsonb,
      p_body text) returns void ${DEFINER} as $$
  begin
    update auth.idempotency_keys o set leased_until = null, kept = p_kept, status = p_status, headers = p_headers, body = p_body
     where o.actor_id = p_actor and o.hash = p_hash and o.token = p_token and o.kept is null;
  end $$;

  create function auth.forget_idempotent(p_actor uuid, p_hash bytea, p_token uuid) returns void ${DEFINER} as $$
  begin
    delete from auth.idempotency_keys o where o.actor_id = p_actor and o.hash = p_hash and o.token = p_token and o.kept is null;
  end $$;

  -- What has expired, of both kinds. @returns how many are gone
  create function auth.sweep_idempotent(p_limit integer) returns integer ${DEFINER} as $$
  declare
    n integer;
    m integer;
  begin
    delete from app.idempotency_keys o using (select x.tenant_id, x.actor_id, x.hash from app.idempotency_keys x
      where x.expires_at <= now() order by x.expires_at limit p_limit for update skip locked) x
     where (o.tenant_id, o.actor_id, o.hash) = (x.tenant_id, x.actor_id, x.hash);
    get diagnostics n = row_count;
    delete from auth.idempotency_keys o using (select x.actor_id, x.hash from auth.idempotency_keys x
      where x.expires_at <= now() order by x.expires_at limit p_limit for update skip locked) x
     where (o.actor_id, o.hash) = (x.actor_id, x.hash);
    get diagnostics m = row_count;
    return n + m;
  end $$;`;

export const IN_TENANT_NAMES = [
  'app.begin_idempotent(bytea[], bytea[], uuid)',
  'app.keep_idempotent(bytea, bytea, uuid, text, smallint, jsonb, text)',
  'app.forget_idempotent(bytea, uuid)',
];
export const OUTSIDE_NAMES = [
  'auth.begin_idempotent(text, boolean, uuid[], bytea[], bytea[], uuid)',
  'auth.keep_idempotent(uuid, bytea, uuid, text, smallint, jsonb, text)',
  'auth.forget_idempotent(uuid, bytea, uuid)',
  'auth.sweep_idempotent(integer)',
];
