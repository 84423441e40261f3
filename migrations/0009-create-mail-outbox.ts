import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a mail belongs to the transaction that caused it. Its row is written there, so that a rollback sends nothing, and a
 * worker sends what was committed, so that a crash loses nothing. Values hold tokens and are encrypted with a key from
 * outside the database, bound to the row's id; they go when the mail does, or when it is given up. Times are the
 * database's: of many pods none has a clock of its own.
 *
 * due_at is a lease too. Whoever claims a row moves it on, so that a second pod leaves the row alone, and a claim whose
 * pod died comes back by itself. An address is one address: what a header or an SMTP command would read as two is refused.
 */
export class CreateMailOutbox1764000000009 implements MigrationInterface {
  name = 'CreateMailOutbox1764000000009';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table auth.mail_outbox (
        id uuid primary key default uuidv7(),
        recipient text not null constraint mail_outbox_recipient_check check (
          length(recipient) <= 320 and recipient ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'),
        template text not null constraint mail_outbox_template_check check (template ~ '^[a-z][a-z-]{0,49}$'),
        values_encrypted text,
        attempts integer not null default 0,
        due_at timestamptz not null default now(),
        -- when the mail is worth nothing any more, because its link is dead; null: never
        expires_at timestamptz,
        created_at timestamptz not null default now(),
        failed_at timestamptz,
        -- codes, never the words of a server: it may quote the mail
        last_error text,
        constraint mail_outbox_erased_check check ((failed_at is null) = (values_encrypted is not null))
      );
      create index mail_outbox_due on auth.mail_outbox (due_at) where failed_at is null;

      grant select, delete, insert (id, recipient, template, values_encrypted, expires_at),
        update (values_encrypted, attempts, due_at, failed_at, last_error) on auth.mail_outbox to ringfence_auth;
      grant select, insert, update, delete on auth.mail_outbox to ringfence_service;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop table auth.mail_outbox');
  }
}
