const HASH = `(select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))`;
const ALIVE = `
  c.hash = ${HASH}
  and c.expires_at > now() and c.member_status = 'active' and c.tenant_status = 'active' and c.aal >= c.min_aal`;
const RIGHTS = `join auth.role_rights r on r.tenant_id = c.tenant_id and r.role_id = c.role_id`;
const DEFINER = `stable parallel safe security definer set search_path = ''`;

/**
 * The readers of the context that answer rights. Scoped (0027): a capability may hold fewer rights than its role, never
 * more, and may be a job's instead of a session's. Not scoped: as 0013 made them, to the letter.
 */
export const readers = (scoped: boolean): string => {
  const within = scoped ? ' and (c.scopes is null or p_permission = any (c.scopes))' : '';
  const rights = scoped
    ? 'case when c.scopes is null then r.permissions else array(select p from unnest(r.permissions) p where p = any (c.scopes)) end'
    : 'r.permissions';
  const session = scoped ? 'coalesce(c.session_id, c.job_id)' : 'c.session_id';
  return `
  create or replace function app.context() returns app.request_context language sql ${DEFINER}
  begin atomic
    select row(${session}, c.user_id, c.tenant_id, c.role_id, ${rights}, r.subordinate_role_ids, c.aal${scoped ? ', c.job_id' : ''})::app.request_context
      from auth.capabilities c ${RIGHTS} where ${ALIVE};
  end;
  create or replace function app.may(p_permission text) returns boolean language plpgsql ${DEFINER} as $$
  begin
    perform from auth.capabilities c ${RIGHTS} where ${ALIVE} and p_permission = any (r.permissions)${within};
    return found;
  end $$;
  create or replace function app.author_with(p_permission text, out user_id uuid, out role_id uuid) language plpgsql ${DEFINER} as $$
  begin
    select c.user_id, c.role_id into author_with.user_id, author_with.role_id
      from auth.capabilities c ${RIGHTS} where ${ALIVE} and p_permission = any (r.permissions)${within};
  end $$;
  create or replace function app.enter(p_cap text, p_claims text,
      out session_id uuid, out user_id uuid, out tenant_id uuid, out role_id uuid,
      out permissions text[], out subordinate_role_ids uuid[], out aal smallint, out refusal text)
    language plpgsql volatile security definer set search_path = '' as $$
  declare
    cap constant text := set_config('app.cap', coalesce(p_cap, ''), true);
    claims constant text := set_config('request.jwt.claims', coalesce(p_claims, ''), true);
    held record;
  begin
    if cap = '' then
      return;
    end if;
    select ${session}${scoped ? ' as session_id' : ''}, c.user_id, c.tenant_id, c.role_id, c.member_status, c.tenant_status, c.aal,
           c.min_aal, ${rights}${scoped ? ' as permissions' : ''}, r.subordinate_role_ids
      into held
      from auth.capabilities c ${RIGHTS}
     where c.hash = sha256(convert_to(cap, 'UTF8')) and c.expires_at > now();
    if held.tenant_status <> 'active' then
      refusal := 'tenant_suspended';
    elsif held.member_status <> 'active' then
      refusal := 'membership_suspended';
    elsif held.aal < held.min_aal then
      refusal := 'aal2_required';
    else
      session_id := held.session_id; user_id := held.user_id; tenant_id := held.tenant_id;
      role_id := held.role_id; aal := held.aal;
      permissions := held.permissions; subordinate_role_ids := held.subordinate_role_ids;
    end if;
  end $$;`;
};

/** Who may act as an operator: somebody with a session. Not scoped: as 0020 made it. */
export const operator = (scoped: boolean): string => `
  create or replace function auth.operator() returns uuid language plpgsql stable security definer set search_path = '' as $$
  declare
    held record;
  begin
    select c.user_id, c.aal, u.status = 'active' and o.user_id is not null as operates into held
      from auth.capabilities c join auth.users u on u.id = c.user_id left join auth.operators o on o.user_id = c.user_id
     where c.hash = (select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))
       and c.expires_at > now()${scoped ? ' and c.session_id is not null' : ''};
    if held.user_id is null then
      raise exception 'nobody is asking' using errcode = 'RF023';
    elsif held.aal < 2 then
      raise exception 'the platform is for operators at AAL2' using errcode = 'RF004';
    elsif not held.operates then
      raise exception 'not an operator' using errcode = 'RF022';
    end if;
    return held.user_id;
  end $$;`;

/** A disabled account loses its sessions and, scoped, its jobs' rights. */
export const endSessions = (scoped: boolean): string => `
  create or replace function auth.end_sessions_of_disabled() returns trigger language plpgsql set search_path = '' as $$
  begin
    delete from auth.sessions s where s.user_id = new.id;
    ${scoped ? 'delete from auth.capabilities c where c.user_id = new.id;\n    ' : ''}return null;
  end $$;`;
