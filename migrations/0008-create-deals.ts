import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: the first business resource, and the pattern for the next. Tenant, owner and the owner's role default to what the
 * request's context says, so that no statement of the application names them. The id is a time-ordered UUID drawn by the
 * database: "newest first" is the order of the primary key, and a page's cursor is one id. The list's index carries what
 * the visibility rule reads, so that a row that is not shown need not be fetched from the table.
 */
export class CreateDeals1764000000008 implements MigrationInterface {
  name = 'CreateDeals1764000000008';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table app.deals (
        tenant_id uuid not null default app.tenant_id() references app.tenants (id),
        id uuid not null default uuidv7(),
        owner_id uuid not null default app.user_id(),
        owner_role_id uuid not null default app.role_id(),
        visibility text not null default 'controlled'
          constraint deals_visibility_check check (visibility in ('private', 'controlled', 'public')),
        title text not null constraint deals_title_check check (length(title) between 1 and 200),
        amount numeric(18, 2) not null constraint deals_amount_check check (amount >= 0),
        currency text not null constraint deals_currency_check check (currency ~ '^[A-Z]{3}$'),
        stage text not null default 'lead'
          constraint deals_stage_check check (stage in ('lead', 'qualified', 'proposal', 'won', 'lost')),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, owner_id) references app.memberships (tenant_id, user_id),
        foreign key (tenant_id, owner_role_id) references app.roles (tenant_id, id)
      );
      create index deals_list on app.deals (tenant_id, id desc) include (visibility, owner_id, owner_role_id);
      create index deals_by_stage on app.deals (tenant_id, stage, id desc) include (visibility, owner_id, owner_role_id);
      create index deals_by_owner on app.deals (tenant_id, owner_id, id desc) include (visibility, owner_role_id);
      create index deals_by_owner_role on app.deals (tenant_id, owner_role_id);
      call app.protect_table('app.deals', 'deal', p_owned => true);

      -- The first page is what is asked for most. Its plan is kept inside this function: statements of the application are
      -- unnamed and planned each time, which costs as much as running them, and a plan in here cannot be replaced by
      -- PREPARE. It runs with its caller's rights, so the policies bind it as they bind any statement.
      create function app.newest_deals(p_limit integer) returns setof app.deals language plpgsql stable rows 20 as $$
      begin
        return query select d.* from app.deals d order by d.id desc limit p_limit;
      end $$;
      revoke all on function app.newest_deals(integer) from public;
      grant execute on function app.newest_deals(integer) to ringfence_app;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop function app.newest_deals(integer); drop table app.deals');
  }
}
