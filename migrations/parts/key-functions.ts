const DEFINER = `language plpgsql security definer set search_path = ''`;

/*
 * Of migration 0034: what is done with keys. All of it by functions, which ask for themselves who calls, for the permission and
 * for AAL2, and which nobody but the application's role may call. None of them ever sees a key: a secret comes as its hash.
 */
export const DOORS = `
  -- The key's secrets stand for whoever answers for it, with what that person may do, within the key's permissions. The lock:
  -- whoever is disabled meanwhile loses these capabilities, too.
  create function app.grant_api_key(k app.api_keys) returns void language plpgsql set search_path = '' as $$
  begin
    perform from auth.users u where u.id = k.user_id and u.status = 'active' for share;
    if not found then
      raise exception 'whoever answers for the key is not there' using errcode = 'RF027';
    end if;
    delete from auth.capabilities c where c.key_id = k.id and c.job_id is null;
    insert into auth.capabilities (hash, key_id, user_id, tenant_id, role_id, member_status, tenant_status, min_aal, aal, auth_time,
        scopes, expires_at)
      select s.hash, k.id, m.user_id, m.tenant_id, m.role_id, m.status, m.tenant_status, m.tenant_min_aal, 1, now(), k.permissions,
             s.expires_at
        from auth.key_secrets s join app.memberships m on m.tenant_id = s.tenant_id and m.user_id = k.user_id
       where s.tenant_id = k.tenant_id and s.key_id = k.id and s.expires_at > now();
  end $$;

  -- The key that the caller changes, at one of the versions that they read (null: any), until the transaction ends.
  create function app.api_key_for(me app.request_context, p_id uuid, p_versions integer[]) returns app.api_keys
    language plpgsql set search_path = '' as $$
  declare
    k app.api_keys;
  begin
    select * into k from app.api_keys o where o.tenant_id = me.tenant_id and o.id = p_id for update;
    if not found then
      raise exception 'no such key' using errcode = 'P0002';
    elsif p_versions is not null and k.version = any (p_versions) is not true then
      raise exception 'the key has changed since it was read' using errcode = 'RF014';
    end if;
    return k;
  end $$;

  create function app.create_api_key(p_name text, p_public_id text, p_hash bytea, p_permissions text[], p_expires_at timestamptz,
      p_requests_per_minute integer) returns uuid ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('api_key:create');
    k app.api_keys;
  begin
    perform app.assert_grantable(me, p_permissions);
    if (select count(*) from app.api_keys o where o.tenant_id = me.tenant_id) >= 100 then
      raise exception 'the tenant has too many keys' using errcode = 'RF038';
    end if;
    insert into app.api_keys (tenant_id, name, public_id, user_id, created_by, permissions, expires_at, requests_per_minute)
      values (me.tenant_id, p_name, p_public_id, me.user_id, me.user_id, array(select distinct p from unnest(p_permissions) p order by 1),
        p_expires_at, p_requests_per_minute) returning * into k;
    insert into auth.key_secrets (hash, tenant_id, key_id, expires_at) values (p_hash, k.tenant_id, k.id, k.expires_at);
    perform app.grant_api_key(k);
    return k.id;
  end $$;

  -- Another secret. The last one lives on for the overlap; one that was being replaced already dies now. By whoever answers for
  -- the key alone: anybody else would get a secret that acts with somebody else's rights.
  create function app.rotate_api_key(p_id uuid, p_hash bytea, p_overlap_seconds integer, p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('api_key:update');
    k app.api_keys := app.api_key_for(me, p_id, p_versions);
    newest constant bytea := (select s.hash from auth.key_secrets s where s.key_id = p_id order by s.created_at desc limit 1);
  begin
    if k.expires_at <= now() then
      raise exception 'the key has expired' using errcode = 'RF041';
    elsif k.user_id <> me.user_id or app.api_key_standing(p_id) is null then
      raise exception 'somebody else answers for the key, or nobody' using errcode = 'RF040';
    elsif p_overlap_seconds between 0 and 604800 is not true then
      raise exception 'the overlap is a week at most' using errcode = '23514', constraint = 'api_keys_overlap_check';
    end if;
    delete from auth.key_secrets s where s.key_id = p_id and (s.hash <> newest or p_overlap_seconds = 0);
    update auth.key_secrets s set expires_at = least(s.expires_at, now() + make_interval(secs => p_overlap_seconds)) where s.key_id = p_id;
    insert into auth.key_secrets (hash, tenant_id, key_id, expires_at) values (p_hash, k.tenant_id, k.id, k.expires_at);
    update app.api_keys o set rotated_at = now() where o.tenant_id = k.tenant_id and o.id = k.id returning * into k;
    perform app.grant_api_key(k);
  end $$;

  -- From now on the caller answers for it: whoever did is gone, or below them. Its secrets stay what they are, so nothing is in
  -- it that the caller could not do.
  create function app.confirm_api_key(p_id uuid, p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('api_key:update');
    k app.api_keys := app.api_key_for(me, p_id, p_versions);
  begin
    if k.expires_at <= now() then
      raise exception 'the key has expired' using errcode = 'RF041';
    elsif k.user_id <> me.user_id and exists (
        select from app.memberships m join auth.users u on u.id = m.user_id and u.status = 'active'
         where m.tenant_id = me.tenant_id and m.user_id = k.user_id and not m.role_id = any (me.subordinate_role_ids)) then
      raise exception 'the role of whoever answers for it is not below the caller''s' using errcode = 'RF005';
    end if;
    perform app.assert_grantable(me, k.permissions);
    update app.api_keys o set user_id = me.user_id where o.tenant_id = k.tenant_id and o.id = k.id returning * into k;
    perform app.grant_api_key(k);
  end $$;

  -- With it its secrets and capabilities, those of jobs that it put off among them.
  create function app.revoke_api_key(p_id uuid, p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('api_key:delete');
    k constant app.api_keys := app.api_key_for(me, p_id, p_versions);
  begin
    delete from app.api_keys o where o.tenant_id = me.tenant_id and o.id = k.id;
  end $$;

  -- The membership of whoever answers for this key of the caller's tenant: active or suspended; null: nobody does.
  create function app.api_key_standing(p_id uuid) returns text language sql stable security definer set search_path = ''
  begin atomic
    select c.member_status from auth.capabilities c
     where c.key_id = p_id and c.job_id is null and c.expires_at > now() and c.tenant_id = (select (app.context()).tenant_id) limit 1;
  end;`;

/** For the process that serves, which has no context yet: whose key that is, and when keys were used. */
export const SERVING = `
  -- A hint and no more: app.enter says what counts. Nothing for a key that nobody answers for: it uses up no tenant's limits.
  create function auth.key_holder(p_hash bytea, out key_id uuid, out tenant_id uuid, out user_id uuid, out permissions text[],
      out requests_per_minute integer, out expires_at timestamptz) returns setof record
    language sql stable security definer set search_path = ''
  begin atomic
    select k.id, k.tenant_id, k.user_id, k.permissions, k.requests_per_minute, s.expires_at
      from auth.key_secrets s join app.api_keys k on k.tenant_id = s.tenant_id and k.id = s.key_id
     where s.hash = p_hash and s.expires_at > now() and exists (select from auth.capabilities c where c.hash = s.hash);
  end;

  -- Three lists of the same length.
  create function auth.note_key_use(p_tenants uuid[], p_ids uuid[], p_times timestamptz[]) returns void ${DEFINER} as $$
  begin
    update app.api_keys k set last_used_at = u.at
      from unnest(p_tenants, p_ids, p_times) u (tenant_id, id, at)
     where k.tenant_id = u.tenant_id and k.id = u.id and coalesce(k.last_used_at < u.at, true);
  end $$;`;

export const INNER_NAMES = ['app.grant_api_key(app.api_keys)', 'app.api_key_for(app.request_context, uuid, integer[])'];
export const DOOR_NAMES = [
  'app.create_api_key(text, text, bytea, text[], timestamptz, integer)',
  'app.rotate_api_key(uuid, bytea, integer, integer[])',
  'app.confirm_api_key(uuid, integer[])',
  'app.revoke_api_key(uuid, integer[])',
  'app.api_key_standing(uuid)',
];
export const SERVING_NAMES = ['auth.key_holder(bytea)', 'auth.note_key_use(uuid[], uuid[], timestamptz[])'];
