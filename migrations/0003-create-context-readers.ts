import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: one place answers who is asking, where and with which rights, from a secret that the database checks itself.
 * The setting app.cap holds the capability of the request's token; a row with its SHA-256 must be alive. A forged or
 * guessed setting therefore yields nothing, and a removed member, a suspended tenant, an ended session or a changed role
 * counts from the next statement on. An absent, empty or wrong setting gives NULL, never an error and never all rows.
 *
 * The scalar readers exist because policies call them once a statement and each call costs one index lookup: a policy
 * that needs one answer should not build seven. BEGIN ATOMIC binds names when the function is made, so no search_path
 * reaches inside; the SET clause is a second lock. Readers with an argument are plpgsql, whose first call in a statement
 * is cheaper. Their owner, ringfence_context, cannot log in and may read just the columns named here.
 */
// The hash stands in (select ...): on a small table the planner reads every row, and must not hash once a row.
const HASH = `(select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))`;
const ALIVE = `
  c.hash = ${HASH}
  and c.expires_at > now() and c.member_status = 'active' and c.tenant_status = 'active'`;
const RIGHTS = `join auth.role_rights r on r.tenant_id = c.tenant_id and r.role_id = c.role_id`;
const DEFINER = `stable parallel safe security definer set search_path = ''`;

const READERS = `app.context(), app.tenant_id(), app.user_id(), app.role_id(), app.aal(),
  app.subordinate_role_ids(), app.may(text), app.author_with(text), app.enter(text, text)`;

const scalar = (name: string, type: string, column: string): string => `
  create function app.${name}() returns ${type} language sql ${DEFINER}
  begin atomic
    select ${column} from auth.capabilities c ${column.startsWith('r.') ? RIGHTS : ''} where ${ALIVE};
  end;`;

export class CreateContextReaders1764000000003 implements MigrationInterface {
  name = 'CreateContextReaders1764000000003';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create type app.request_context as (
        session_id uuid, user_id uuid, tenant_id uuid, role_id uuid,
        permissions text[], subordinate_role_ids uuid[], aal smallint
      );
      grant usage on type app.request_context to ringfence_app, ringfence_service, ringfence_context;
      grant select (hash, session_id, user_id, tenant_id, role_id, member_status, tenant_status, aal, expires_at)
        on auth.capabilities to ringfence_context;
      grant select on auth.role_rights to ringfence_context;
      grant create on schema app to ringfence_context;
      set role ringfence_context;

      create function app.context() returns app.request_context language sql ${DEFINER}
      begin atomic
        select row(c.session_id, c.user_id, c.tenant_id, c.role_id, r.permissions, r.subordinate_role_ids, c.aal)::app.request_context
          from auth.capabilities c ${RIGHTS} where ${ALIVE};
      end;
      ${scalar('tenant_id', 'uuid', 'c.tenant_id')}
      ${scalar('user_id', 'uuid', 'c.user_id')}
      ${scalar('role_id', 'uuid', 'c.role_id')}
      ${scalar('aal', 'smallint', 'c.aal')}
      ${scalar('subordinate_role_ids', 'uuid[]', 'r.subordinate_role_ids')}

      create function app.may(p_permission text) returns boolean language plpgsql ${DEFINER} as $$
      begin
        perform from auth.capabilities c ${RIGHTS} where ${ALIVE} and p_permission = any (r.permissions);
        return found;
      end $$;

      -- who a new row belongs to: both answers from one lookup, and only with the right
      create function app.author_with(p_permission text, out user_id uuid, out role_id uuid) language plpgsql ${DEFINER} as $$
      begin
        select c.user_id, c.role_id into author_with.user_id, author_with.role_id
          from auth.capabilities c ${RIGHTS} where ${ALIVE} and p_permission = any (r.permissions);
      end $$;

      -- The door of a request: sets both settings and answers who that is, or why nobody, in one statement and one look-up.
      -- VOLATILE and plpgsql, so that the look-up comes after the settings, which a single SELECT list would not promise.
      -- It gives its caller nothing that set_config and context() do not, but for the reason of a refusal.
      create function app.enter(p_cap text, p_claims text,
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
        select c.session_id, c.user_id, c.tenant_id, c.role_id, c.member_status, c.tenant_status, c.aal,
               r.permissions, r.subordinate_role_ids
          into held
          from auth.capabilities c ${RIGHTS}
         where c.hash = sha256(convert_to(cap, 'UTF8')) and c.expires_at > now();
        if held.tenant_status <> 'active' then
          refusal := 'tenant_suspended';
        elsif held.member_status <> 'active' then
          refusal := 'membership_suspended';
        else
          session_id := held.session_id; user_id := held.user_id; tenant_id := held.tenant_id;
          role_id := held.role_id; aal := held.aal;
          permissions := held.permissions; subordinate_role_ids := held.subordinate_role_ids;
        end if;
      end $$;
      revoke all on function ${READERS} from public;
      grant execute on function ${READERS} to ringfence_app, ringfence_service;
      reset role;
      revoke create on schema app from ringfence_context;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_context;
      drop function ${READERS};
      reset role;
      drop type app.request_context;
      revoke all on auth.capabilities, auth.role_rights from ringfence_context;
    `);
  }
}
