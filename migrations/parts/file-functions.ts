const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0029: every change of a file, in the caller's transaction. Who may, the policies of the record say. */
export const DOORS = `
  -- Who changes what hangs at a record may change the record: asked of its own policies. Raises as if there were none where
  -- the caller does not see it. The record stays until the transaction ends, so that nothing is hung at one that goes.
  create function app.assert_record_writable(me app.request_context, p_type text, p_id uuid, p_permission text) returns void
    language plpgsql set search_path = '' as $$
  declare
    t constant regclass := (select r.relation from auth.resources r where r.resource = p_type and r.files);
    held boolean;
  begin
    if me.tenant_id is not null and t is not null then
      execute format('select true from %s where tenant_id = $1 and id = $2 for key share', t) into held using me.tenant_id, p_id;
    end if;
    if held is not true or app.row_allows(t, p_id, 'select') is not true then
      raise exception 'no such record' using errcode = 'P0002';
    elsif not p_permission = any (me.permissions) then
      raise exception '% is needed', p_permission using errcode = 'RF007', detail = p_permission;
    elsif app.row_allows(t, p_id, 'update') is not true then
      raise exception 'its record is not the caller''s to change' using errcode = 'RF031';
    end if;
  end $$;

  -- The file for a change, or as if it did not exist. Its record is locked first, as by who deletes the record.
  create function app.file_for_change(me app.request_context, p_file uuid, p_permission text, p_deleted boolean default false)
    returns app.files language plpgsql set search_path = '' as $$
  declare
    f app.files;
  begin
    select * into f from app.files x where x.tenant_id = me.tenant_id and x.id = p_file;
    if f.id is not null and 'file:read' = any (me.permissions) and (f.deleted_at is not null) = p_deleted then
      perform app.assert_record_writable(me, f.resource_type, f.resource_id, p_permission);
      select * into f from app.files x
       where x.tenant_id = me.tenant_id and x.id = p_file and (x.deleted_at is not null) = p_deleted for update;
      if f.id is not null then
        return f;
      end if;
    end if;
    raise exception 'no such file' using errcode = 'P0002';
  end $$;

  -- What a version takes of the room: a row, an object and an upload cost something, too.
  create function app.charged(p_size bigint) returns bigint language sql immutable set search_path = '' return greatest(p_size, 4096);

  -- One statement, one row lock: two uploads at once cannot both have the last byte.
  create function app.reserve_storage(p_tenant uuid, p_bytes bigint) returns void language plpgsql set search_path = '' as $$
  begin
    insert into app.storage_usage (tenant_id) values (p_tenant) on conflict do nothing;
    update app.storage_usage u set bytes = u.bytes + p_bytes
     where u.tenant_id = p_tenant and u.bytes + p_bytes <= u.bytes_at_most;
    if not found then
      raise exception 'the tenant has no room for it' using errcode = 'RF030';
    end if;
  end $$;

  create function app.put_version(f app.files, me app.request_context, p_content_type text, p_size bigint, p_sha256 text)
    returns app.file_versions language plpgsql set search_path = '' as $$
  declare
    v app.file_versions;
  begin
    perform app.reserve_storage(f.tenant_id, app.charged(p_size));
    insert into app.file_versions (tenant_id, file_id, number, content_type, size, sha256, upload_key, object_key, created_by)
      values (f.tenant_id, f.id,
        1 + coalesce((select max(o.number) from app.file_versions o where o.tenant_id = f.tenant_id and o.file_id = f.id), 0),
        p_content_type, p_size, p_sha256,
        concat_ws('/', f.tenant_id, f.id, gen_random_uuid()), concat_ws('/', f.tenant_id, f.id, gen_random_uuid()), me.user_id)
      returning * into v;
    return v;
  end $$;

  -- A file at a record, with room for its bytes, and where they will go. Keys are drawn here and never told by anybody.
  create function app.create_file(p_resource_type text, p_resource_id uuid, p_name text, p_content_type text, p_size bigint, p_sha256 text)
    returns app.file_versions ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    f app.files;
  begin
    perform app.assert_record_writable(me, p_resource_type, p_resource_id, 'file:create');
    insert into app.files (tenant_id, resource_type, resource_id, name, created_by)
      values (me.tenant_id, p_resource_type, p_resource_id, p_name, me.user_id) returning * into f;
    return app.put_version(f, me, p_content_type, p_size, p_sha256);
  end $$;

  create function app.add_file_version(p_file uuid, p_content_type text, p_size bigint, p_sha256 text)
    returns app.file_versions ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
  begin
    return app.put_version(app.file_for_change(me, p_file, 'file:create'), me, p_content_type, p_size, p_sha256);
  end $$;

  create function app.remove_version(p_tenant uuid, p_file uuid, p_number integer, p_statuses text[]) returns boolean
    language plpgsql set search_path = '' as $$
  declare
    freed bigint;
  begin
    delete from app.file_versions v where v.tenant_id = p_tenant and v.file_id = p_file and v.number = p_number
       and v.status = any (p_statuses) returning app.charged(v.size) into freed;
    if freed is null then
      return false;
    end if;
    update app.storage_usage u set bytes = u.bytes - freed where u.tenant_id = p_tenant;
    delete from app.files x where x.tenant_id = p_tenant and x.id = p_file and not exists (
      select from app.file_versions v where v.tenant_id = p_tenant and v.file_id = p_file);
    return true;
  end $$;

  create function app.delete_file(p_file uuid) returns void ${DEFINER} as $$
  declare
    f constant app.files := app.file_for_change(app.context(), p_file, 'file:delete');
  begin
    update app.files x set deleted_at = now() where x.tenant_id = f.tenant_id and x.id = f.id;
  end $$;

  -- Until the sweeper has come, and while its record is there.
  create function app.restore_file(p_file uuid) returns void ${DEFINER} as $$
  declare
    f constant app.files := app.file_for_change(app.context(), p_file, 'file:delete', true);
  begin
    if exists (select from app.file_versions v where v.tenant_id = f.tenant_id and v.file_id = f.id and v.swept_at is not null)
        or not exists (select from app.file_versions v where v.tenant_id = f.tenant_id and v.file_id = f.id and v.status <> 'rejected') then
      raise exception 'it is being removed' using errcode = 'P0002';
    end if;
    update app.files x set deleted_at = null where x.tenant_id = f.tenant_id and x.id = f.id;
  end $$;

  -- With its record, in the same transaction: a file never outlives it.
  create function app.delete_files_of_record() returns trigger ${DEFINER} as $$
  begin
    update app.files x set deleted_at = now()
     where x.tenant_id = old.tenant_id and x.resource_type = tg_argv[0] and x.resource_id = old.id and x.deleted_at is null;
    return null;
  end $$;

  -- By whoever runs the installation.
  create function app.set_storage_quota(p_tenant uuid, p_bytes bigint) returns void ${DEFINER} as $$
  begin
    perform auth.acting_operator();
    insert into app.storage_usage (tenant_id, bytes_at_most) values (p_tenant, p_bytes)
      on conflict (tenant_id) do update set bytes_at_most = excluded.bytes_at_most;
  end $$;`;

export const INNER_NAMES = [
  'app.assert_record_writable(app.request_context, text, uuid, text)',
  'app.file_for_change(app.request_context, uuid, text, boolean)',
  'app.charged(bigint)',
  'app.reserve_storage(uuid, bigint)',
  'app.settle_inspection(app.files, integer, text, uuid)',
  'app.put_version(app.files, app.request_context, text, bigint, text)',
  'app.remove_version(uuid, uuid, integer, text[])',
];
export const DOOR_NAMES = [
  'app.create_file(text, uuid, text, text, bigint, text)',
  'app.add_file_version(uuid, text, bigint, text)',
  'app.name_upload(uuid, integer, text)',
  'app.check_version(uuid, integer)',
  'app.settle_version(uuid, integer, text, uuid)',
  'app.discard_version(uuid, integer, uuid)',
  'app.scanned_version()',
  'app.settle_scan(boolean)',
  'app.delete_file(uuid)',
  'app.restore_file(uuid)',
];
