import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: ticket comments belong to a ticket. Whoever does not see the ticket sees none of them, also not by a join or a
 * count, and they go with it; which ticket it is never changes.
 */
export class CreateTicketComments1764000000041 implements MigrationInterface {
  name = 'CreateTicketComments1764000000041';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table app.ticket_comments (
        tenant_id uuid not null default app.tenant_id() references app.tenants (id),
        id uuid not null default uuidv7(),
        ticket_id uuid not null,
        body text not null constraint ticket_comments_body_check check (length(body) between 1 and 20000),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint ticket_comments_ticket_id_fkey foreign key (tenant_id, ticket_id)
          references app.tickets (tenant_id, id) on delete cascade
      );
      create index ticket_comments_list on app.ticket_comments (tenant_id, ticket_id, id desc);
      call app.protect_shared_resource('app.ticket_comments', 'ticket_comment', p_fixed => '{ticket_id}');
      call app.follow_parent('app.ticket_comments', 'ticket_id', 'app.tickets');
      call app.audit_table('app.ticket_comments', 'ticket_comment');
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      call app.forget_resource('ticket_comment');
      drop table app.ticket_comments;
    `);
  }
}
