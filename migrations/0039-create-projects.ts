import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: projects are shared by the members of their tenant: each role's rights say what it may do with them.
 */
export class CreateProjects1764000000039 implements MigrationInterface {
  name = 'CreateProjects1764000000039';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table app.projects (
        tenant_id uuid not null default app.tenant_id() references app.tenants (id),
        id uuid not null default uuidv7(),
        name text not null constraint projects_name_check check (length(name) between 1 and 200),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id)
      );
      call app.protect_shared_resource('app.projects', 'project');
      call app.audit_table('app.projects', 'project');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      call app.forget_resource('project');
      drop table app.projects;
    `);
  }
}
