import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: tickets are shared by the members of their tenant: each role's rights say what it may do with them. project_id
 * names a row of app.projects that the writer sees, and is emptied when that goes.
 */
export class CreateTickets1764000000040 implements MigrationInterface {
  name = 'CreateTickets1764000000040';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table app.tickets (
        tenant_id uuid not null default app.tenant_id() references app.tenants (id),
        id uuid not null default uuidv7(),
        title text not null constraint tickets_title_check check (length(title) between 1 and 200),
        body text not null constraint tickets_body_check check (length(body) between 1 and 20000),
        project_id uuid,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint tickets_project_id_fkey foreign key (tenant_id, project_id) references app.projects (tenant_id, id)
          on delete set null (project_id)
      );
      create index tickets_by_project on app.tickets (tenant_id, project_id, id desc);
      call app.protect_shared_resource('app.tickets', 'ticket');
      call app.check_reference('app.tickets', 'project_id', 'app.projects');
      call app.audit_table('app.tickets', 'ticket');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      call app.forget_resource('ticket');
      drop table app.tickets;
    `);
  }
}
