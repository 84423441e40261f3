const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0029: what sweeps, across tenants and for nobody. It leaves an entry in the log of each tenant. */
export const SWEEPERS = `
  -- Versions that nobody completed in time, those that were rejected once their URL is dead, and those of files that were
  -- deleted long enough ago. They are marked first, so that nobody completes or restores what is about to lose its objects;
  -- what is marked comes again until it is gone, behind what was not tried yet.
  create function auth.versions_to_sweep(p_pending interval, p_deleted interval, p_limit integer)
    returns table (tenant_id uuid, file_id uuid, number integer, upload_key text, object_key text, upload_id text)
    language plpgsql security definer set search_path = '' as $$
  declare
    deleted constant app.files[] := array(select f from app.files f where f.deleted_at < now() - p_deleted
      order by (select max(v.swept_at) from app.file_versions v where v.tenant_id = f.tenant_id and v.file_id = f.id) nulls first,
        f.deleted_at limit p_limit for update skip locked);
  begin
    return query
      update app.file_versions v set swept_at = now() from (
          select o.tenant_id, o.file_id, o.number from app.file_versions o
           where o.swept_at is not null
              or o.status = 'pending' and o.created_at < now() - p_pending
                and coalesce(o.checking_since, o.created_at) < now() - interval '1 hour'
              or o.status = 'rejected' and o.created_at < now() - interval '2 hours'
           order by o.swept_at nulls first, o.created_at limit p_limit for update skip locked) x
       where (v.tenant_id, v.file_id, v.number) = (x.tenant_id, x.file_id, x.number)
      returning v.tenant_id, v.file_id, v.number, v.upload_key, v.object_key, v.upload_id;
    return query
      update app.file_versions v set swept_at = now() from unnest(deleted) f
       where (v.tenant_id, v.file_id) = (f.tenant_id, f.id) and v.swept_at is distinct from now()
      returning v.tenant_id, v.file_id, v.number, v.upload_key, v.object_key, v.upload_id;
  end $$;

  -- After its objects went. @returns whether there was one that is marked
  create function auth.sweep_version(p_tenant uuid, p_file uuid, p_number integer) returns boolean ${DEFINER} as $$
  declare
    deleted constant boolean := (select f.deleted_at is not null from app.files f where f.tenant_id = p_tenant and f.id = p_file for update);
  begin
    perform from app.file_versions v where v.tenant_id = p_tenant and v.file_id = p_file and v.number = p_number
       and v.swept_at is not null for update;
    if not found then
      return false;
    end if;
    perform app.write_audit(p_tenant, 'task', null, null, case when deleted then 'file.purged' else 'file.abandoned' end, 'file', p_file,
      'success', null, 1, '{}', jsonb_build_object('number', p_number));
    return app.remove_version(p_tenant, p_file, p_number, array['pending', 'rejected', 'quarantined', 'ready', 'lost']);
  end $$;

  -- Of objects that lie in the store: those that no row speaks of.
  create function auth.unknown_objects(p_keys text[]) returns setof text language sql stable security definer set search_path = '' as $$
    select k.key from unnest(p_keys) k (key)
     where not exists (select from app.file_versions v where v.object_key = k.key)
       and not exists (select from app.file_versions v where v.upload_key = k.key and v.status in ('pending', 'rejected'))
  $$;

  -- Those of which nobody has looked for longest whether their bytes are there; those that were lost, too.
  create function auth.versions_to_look_for(p_limit integer) returns table (tenant_id uuid, file_id uuid, number integer, object_key text, size bigint)
    language sql stable security definer set search_path = '' as $$
    select v.tenant_id, v.file_id, v.number, v.object_key, v.size from app.file_versions v
     where v.status in ('ready', 'lost') and v.swept_at is null order by v.seen_at nulls first limit p_limit
  $$;

  -- Its bytes are there, or they are lost: then it is offered to nobody, until they are found again. @returns whether that is news
  create function auth.mark_version(p_tenant uuid, p_file uuid, p_number integer, p_there boolean) returns boolean ${DEFINER} as $$
  declare
    now_is constant text := case when p_there then 'ready' else 'lost' end;
    was text;
  begin
    select v.status into was from app.file_versions v where v.tenant_id = p_tenant and v.file_id = p_file and v.number = p_number
       and v.status in ('ready', 'lost') and v.swept_at is null for update;
    if was is null then
      return false;
    elsif was <> now_is then
      perform app.write_audit(p_tenant, 'task', null, null, case when p_there then 'file.found' else 'file.lost' end, 'file', p_file,
        case when p_there then 'success' else 'failure' end, null, 1, '{}', jsonb_build_object('number', p_number));
    end if;
    update app.file_versions v set seen_at = now(), status = now_is
     where v.tenant_id = p_tenant and v.file_id = p_file and v.number = p_number;
    return was <> now_is;
  end $$;`;

export const SWEEPER_NAMES = [
  'auth.versions_to_sweep(interval, interval, integer)',
  'auth.sweep_version(uuid, uuid, integer)',
  'auth.unknown_objects(text[])',
  'auth.versions_to_look_for(integer)',
  'auth.mark_version(uuid, uuid, integer, boolean)',
];
