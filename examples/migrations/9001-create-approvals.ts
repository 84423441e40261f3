import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: two pairs of eyes. Who asked does not decide, and what is large is decided at AAL2: both are rules of the table, so
 * that no route, job or statement goes around them. Limits are the same for everybody here, so theirs is no tenant's table.
 */
export class CreateApprovals1764000009001 implements MigrationInterface {
  name = 'CreateApprovals1764000009001';

  async up(q: QueryRunner): Promise<void> {
    await q.query(LIMITS);
    await q.query(APPROVALS);
    await q.query(RULES);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table app.approvals; drop function app.approval_limit(text); drop table app.approval_limits');
  }
}

const LIMITS = `
  create table app.approval_limits (
    currency text primary key constraint approval_limits_currency_check check (currency ~ '^[A-Z]{3}$'),
    amount numeric(18, 2) not null constraint approval_limits_amount_check check (amount > 0)
  );
  revoke all on app.approval_limits from public;
  grant select on app.approval_limits to ringfence_app;
  grant select, insert, update, delete on app.approval_limits to ringfence_service;
  insert into app.approval_limits values ('EUR', 1000), ('USD', 1100);

  create function app.approval_limit(p_currency text) returns numeric language sql stable set search_path = ''
    return (select l.amount from app.approval_limits l where l.currency = p_currency);
  revoke all on function app.approval_limit(text) from public;
  grant execute on function app.approval_limit(text) to ringfence_app;`;

const APPROVALS = `
  create table app.approvals (
    tenant_id uuid not null default app.tenant_id() references app.tenants (id),
    id uuid not null default uuidv7(),
    subject text not null constraint approvals_subject_check check (length(subject) between 1 and 200),
    amount numeric(18, 2) not null constraint approvals_amount_check check (amount >= 0),
    currency text not null constraint approvals_currency_known references app.approval_limits (currency),
    status text not null default 'pending'
      constraint approvals_status_check check (status in ('pending', 'granted', 'refused')),
    asked_by uuid not null default app.user_id(),
    decided_by uuid,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, asked_by) references app.memberships (tenant_id, user_id) on delete cascade,
    foreign key (tenant_id, decided_by) references app.memberships (tenant_id, user_id) on delete set null (decided_by)
  );
  create index approvals_by_asker on app.approvals (tenant_id, asked_by, id desc);
  create index approvals_by_decider on app.approvals (tenant_id, decided_by);`;

const RULES = `
  call app.protect_table('app.approvals', 'approval', p_commands => '{select,insert}', p_sees =>
    '(select app.may(''approval:decide'')) or (asked_by = (select app.user_id()) and (select app.may(''approval:read'')))');
  revoke insert on app.approvals from ringfence_app;
  grant insert (subject, amount, currency), update (status, decided_by) on app.approvals to ringfence_app;
  create policy may_decide on app.approvals for update to ringfence_app
    using (status = 'pending' and asked_by <> (select app.user_id()) and (select app.may('approval:decide')))
    with check (status <> 'pending' and decided_by = (select app.user_id()));
  create policy large_needs_aal2 on app.approvals as restrictive for update to ringfence_app
    using ((select app.aal()) >= 2 or amount <= app.approval_limit(currency));
  call app.hide_statistics('app.approvals');
  call app.audit_table('app.approvals', 'approval');`;
