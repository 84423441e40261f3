import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: "may they?" has one answer, and it is what the policies say. Whoever needs it outside of a plain statement (handing
 * a record over, telling a refusal's reason, explaining access) must not have a second opinion in a second language, which
 * would drift. So the question is put to the policies themselves: their expressions are read from the catalogue and
 * evaluated on the one row, as PostgreSQL combines them (every restrictive one, and any permissive one), for the live
 * context. A table takes part by app.register_resource, beside protect_table.
 *
 * The function belongs to ringfence_derive, which sees each row of the caller's tenant: the fence, which binds that role
 * too, makes another tenant's id one that does not exist.
 */
export class EvaluatePolicies1764000000016 implements MigrationInterface {
  name = 'EvaluatePolicies1764000000016';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table auth.resources (
        resource text primary key check (resource ~ '^[a-z_]+$'),
        relation regclass not null unique
      );
      grant select on auth.resources to ringfence_derive, ringfence_service;
      set role ringfence_context;
      grant execute on function ${READERS} to ringfence_derive;
      reset role;
      -- p_resource as in the permission codes; the table has id, owner_id, owner_role_id and visibility
      create procedure app.register_resource(p_table regclass, p_resource text) language plpgsql set search_path = '' as $$
      begin
        insert into auth.resources (resource, relation) values (p_resource, p_table);
        execute format('grant select on %s to ringfence_derive', p_table);
        execute format('create policy derive_reads on %s for select to ringfence_derive using (true)', p_table);
      end $$;
      revoke all on procedure app.register_resource(regclass, text) from public;
      call app.register_resource('app.deals', 'deal');
      grant create on schema app to ringfence_derive;
      set role ringfence_derive;
      ${ALLOWS}
      reset role;
      revoke create on schema app from ringfence_derive;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop function app.row_allows(regclass, uuid, text), app.combined_policies(regclass, text);
      set role ringfence_context;
      revoke execute on function ${READERS} from ringfence_derive;
      reset role;
      drop policy derive_reads on app.deals;
      revoke select on app.deals from ringfence_derive;
      drop procedure app.register_resource(regclass, text);
      drop table auth.resources;
    `);
  }
}

const READERS = `app.tenant_id(), app.user_id(), app.role_id(), app.aal(), app.subordinate_role_ids(), app.may(text), app.author_with(text), app.aal2(interval)`;

const ALLOWS = `
  -- What decides whether the application's role may touch a row, as one expression over the table's columns, from every
  -- policy of the command that binds ringfence_app. p_command: select, update, delete, or insert, where the check decides.
  create function app.combined_policies(p_table regclass, p_command text) returns text
    language sql stable set search_path = '' as $$
    select format('(%s) and coalesce(%s, true)',
        coalesce(string_agg(x.rule, ' or ') filter (where x.polpermissive), 'false'),
        string_agg(x.rule, ' and ') filter (where not x.polpermissive))
      from (
        select p.polpermissive, format('coalesce((%s), false)', pg_catalog.pg_get_expr(
            case p_command when 'insert' then coalesce(p.polwithcheck, p.polqual) else p.polqual end, p.polrelid)) as rule
          from pg_catalog.pg_policy p
         where p.polrelid = p_table and (p.polqual is not null or p_command = 'insert')
           and p.polcmd in ('*', case p_command when 'select' then 'r' when 'insert' then 'a' when 'update' then 'w' when 'delete' then 'd' end)
           and (p.polroles = '{0}' or 'ringfence_app'::regrole = any (p.polroles))) x
  $$;

  -- Whether the live context may do that with the row; null: there is no such row in its tenant. Reading belongs to each.
  create function app.row_allows(p_table regclass, p_id uuid, p_command text) returns boolean
    language plpgsql security definer set search_path = '' as $$
  declare
    answer boolean;
  begin
    execute format('select (%s) and (%s) from %s where id = $1',
      app.combined_policies(p_table, 'select'), app.combined_policies(p_table, p_command), p_table)
      into answer using p_id;
    return answer;
  end $$;
  revoke all on function app.row_allows(regclass, uuid, text), app.combined_policies(regclass, text) from public;`;
