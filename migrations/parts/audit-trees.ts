export const DEFINER = `language plpgsql security definer set search_path = ''`;

/**
 * What the logs' trees are, beside what was signed: for the sealer, which goes on from there, and for whoever keeps copies of
 * checkpoints. Nothing is hashed here: that a root fits is found where the proofs are made.
 */
export const AUDIT_TREES = `
  -- The perfect subtrees that the tree of the first p_size leaves consists of, the largest first; null for one that is not there.
  create function auth.audit_peaks(p_tenant uuid, p_size bigint) returns bytea[] language plpgsql stable set search_path = '' as $$
  declare
    bit integer;
    done bigint := 0;
    peaks bytea[] := '{}';
  begin
    for bit in reverse 62 .. 0 loop
      if p_size & (1::bigint << bit) <> 0 then
        peaks := peaks || case bit
          when 0 then (select f.hash from app.audit_leaves f where f.tenant_id = p_tenant and f.seq = done)
          else (select n.hash from app.audit_nodes n where n.tenant_id = p_tenant and n.level = bit and n.index = done >> bit) end;
        done := done + (1::bigint << bit);
      end if;
    end loop;
    return peaks;
  end $$;

  -- How far the trees of some logs have grown, what they consist of, and what the newest checkpoint says of it: its size, and
  -- its root. strays: there are nodes beyond the size. All of one moment, which a stable function sees.
  create function auth.audit_trees(p_tenants uuid[])
    returns table (tenant_id uuid, size bigint, peaks bytea[], signed_size bigint, signed_root bytea, strays boolean) stable ${DEFINER} as $$
  declare
    high integer;
  begin
    foreach tenant_id in array p_tenants loop
      size := coalesce((select f.seq + 1 from app.audit_leaves f where f.tenant_id = audit_trees.tenant_id order by f.seq desc limit 1), 0);
      peaks := auth.audit_peaks(tenant_id, size);
      select c.size, c.root into signed_size, signed_root from app.audit_checkpoints c
       where c.tenant_id = audit_trees.tenant_id order by c.size desc limit 1;
      signed_size := coalesce(signed_size, 0);
      strays := false;
      for high in 1 .. coalesce((select n.level from app.audit_nodes n where n.tenant_id = audit_trees.tenant_id order by n.level desc limit 1), 0) loop
        strays := strays or exists (
          select from app.audit_nodes n where n.tenant_id = audit_trees.tenant_id and n.level = high and n.index >= audit_trees.size >> high);
      end loop;
      return next;
    end loop;
  end $$;

  -- The newest checkpoint of each log, for whoever keeps copies; not those whose copy, told by its SHA-256, is there already. Of
  -- a log that has copies and no checkpoint, only the tenant is there.
  create function auth.audit_newest_checkpoints(p_tenants uuid[], p_copies bytea[], p_limit integer)
    returns table (tenant_id uuid, size bigint, verifier_key text, note text) ${DEFINER} as $$
  begin
    return query
      with recursive logs as (
        (select c.tenant_id as log from app.audit_checkpoints c order by c.tenant_id limit 1)
        union all
        select (select c.tenant_id from app.audit_checkpoints c where c.tenant_id > l.log order by c.tenant_id limit 1)
          from logs l where l.log is not null
      )
      select coalesce(newest.tenant_id, copied.log), newest.size, newest.verifier_key, newest.note
        from (
          select n.* from logs l cross join lateral (
            select c.tenant_id, c.size, c.verifier_key, c.note from app.audit_checkpoints c where c.tenant_id = l.log
             order by c.size desc limit 1) n) newest
        full join unnest(p_tenants, p_copies) as copied (log, digest) on copied.log = newest.tenant_id
       where coalesce(copied.digest, '') <> coalesce(sha256(convert_to(newest.note, 'UTF8')), '') limit p_limit;
  end $$;

  -- What the logs say of themselves at sizes that somebody kept checkpoints of: the size of the newest checkpoint, the
  -- checkpoint of the size asked for, where there is one, and the tree's perfect subtrees at that size. All of one moment.
  create function auth.audit_trees_at(p_tenants uuid[], p_sizes bigint[])
    returns table (tenant_id uuid, size bigint, newest bigint, note text, peaks bytea[]) stable ${DEFINER} as $$
  begin
    return query
      select k.log, k.size,
             coalesce((select c.size from app.audit_checkpoints c where c.tenant_id = k.log order by c.size desc limit 1), 0),
             (select c.note from app.audit_checkpoints c where c.tenant_id = k.log and c.size = k.size),
             auth.audit_peaks(k.log, k.size)
        from unnest(p_tenants, p_sizes) k (log, size);
  end $$;
`;
