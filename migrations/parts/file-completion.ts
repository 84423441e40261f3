const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0029: from an upload to a version that is offered, or is not. */
export const COMPLETION = `
  -- The store's name for an upload in parts.
  create function app.name_upload(p_file uuid, p_number integer, p_upload_id text) returns void ${DEFINER} as $$
  declare
    f constant app.files := app.file_for_change(app.context(), p_file, 'file:create');
  begin
    update app.file_versions v set upload_id = p_upload_id
     where v.tenant_id = f.tenant_id and v.file_id = f.id and v.number = p_number and v.status = 'pending' and v.upload_id is null
       and v.swept_at is null;
    if not found then
      raise exception 'nothing waits for these bytes' using errcode = 'RF032';
    end if;
  end $$;

  -- Whoever gets an answer inspects the bytes, under the token that comes with it; nobody else does for a quarter of an hour.
  -- A version that is settled is answered as it is. Null number: the latest.
  create function app.check_version(p_file uuid, p_number integer) returns app.file_versions ${DEFINER} as $$
  declare
    f constant app.files := app.file_for_change(app.context(), p_file, 'file:create');
    v app.file_versions;
  begin
    select * into v from app.file_versions o
     where o.tenant_id = f.tenant_id and o.file_id = f.id and o.number = coalesce(p_number, o.number) and o.status <> 'rejected'
     order by o.number desc limit 1 for update;
    if v.file_id is null or v.swept_at is not null then
      raise exception 'no such version' using errcode = 'P0002';
    elsif v.status = 'pending' and v.checking_since > now() - interval '15 minutes' then
      raise exception 'somebody completes it already' using errcode = 'RF032';
    elsif v.status = 'pending' then
      update app.file_versions o set checking_since = now(), checking_token = gen_random_uuid()
       where o.tenant_id = f.tenant_id and o.file_id = f.id and o.number = v.number returning * into v;
    end if;
    return v;
  end $$;

  -- What the inspection under that token found: 'ready', 'quarantined' (a scan comes first), 'pending' (nothing has come yet) or
  -- 'rejected'. Whoever took longer than a quarter of an hour may find that somebody else has it.
  create function app.settle_inspection(f app.files, p_number integer, p_status text, p_token uuid) returns app.file_versions
    language plpgsql set search_path = '' as $$
  declare
    v app.file_versions;
  begin
    update app.file_versions o set status = p_status, checking_since = null, checking_token = null,
           upload_id = case when p_status = 'pending' then o.upload_id end,
           completed_at = coalesce(o.completed_at, case when p_status <> 'pending' then now() end)
     where o.tenant_id = f.tenant_id and o.file_id = f.id and o.number = p_number and o.status = 'pending'
       and o.checking_token = p_token and o.swept_at is null returning * into v;
    if v.file_id is null then
      raise exception 'it is not being checked by the caller' using errcode = 'RF032';
    end if;
    return v;
  end $$;

  create function app.settle_version(p_file uuid, p_number integer, p_status text, p_token uuid) returns app.file_versions ${DEFINER} as $$
  declare
    f constant app.files := app.file_for_change(app.context(), p_file, 'file:create');
    v app.file_versions;
  begin
    if p_status = any (array['ready', 'quarantined', 'pending']) is not true then
      raise exception 'an inspection does not end so' using errcode = 'RF032';
    end if;
    v := app.settle_inspection(f, p_number, p_status, p_token);
    if p_status = 'ready' then
      update app.files x set current = greatest(x.current, p_number) where x.tenant_id = f.tenant_id and x.id = f.id;
    end if;
    return v;
  end $$;

  -- It is not what was announced: nobody sees the version any more, nor a file that has no other. Its room stays taken until
  -- the URL that it was sent to is dead and the sweeper has come; else one URL fills the store and costs nothing.
  create function app.discard_version(p_file uuid, p_number integer, p_token uuid) returns void ${DEFINER} as $$
  declare
    f constant app.files := app.file_for_change(app.context(), p_file, 'file:create');
  begin
    perform app.settle_inspection(f, p_number, 'rejected', p_token);
    update app.files x set deleted_at = now() where x.tenant_id = f.tenant_id and x.id = f.id and not exists (
      select from app.file_versions v where v.tenant_id = f.tenant_id and v.file_id = f.id and v.status <> 'rejected');
  end $$;

  -- What the job that runs is to scan: its own row says it. Whether its person may still change the record is no question
  -- here: they could when they completed it.
  create function app.scanned_version() returns app.file_versions ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    v app.file_versions;
  begin
    select o.* into v from app.jobs j join app.file_versions o on o.tenant_id = j.tenant_id
        and o.file_id = (j.payload ->> 'fileId')::uuid and o.number = (j.payload ->> 'number')::integer
     where j.tenant_id = me.tenant_id and j.id = me.job_id and j.kind = 'file.scan' and o.status = 'quarantined';
    return v;
  end $$;

  -- What the scan found. @returns whether it still waited for that
  create function app.settle_scan(p_clean boolean) returns boolean ${DEFINER} as $$
  declare
    v constant app.file_versions := app.scanned_version();
  begin
    perform from app.files x where x.tenant_id = v.tenant_id and x.id = v.file_id for update;
    if p_clean is not true then
      return app.remove_version(v.tenant_id, v.file_id, v.number, array['quarantined']);
    end if;
    update app.file_versions o set status = 'ready'
     where o.tenant_id = v.tenant_id and o.file_id = v.file_id and o.number = v.number and o.status = 'quarantined';
    if not found then
      return false;
    end if;
    update app.files x set current = greatest(x.current, v.number) where x.tenant_id = v.tenant_id and x.id = v.file_id;
    return true;
  end $$;`;
