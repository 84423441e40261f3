import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../database/index.js';

export interface NewMail {
  id: string;
  recipient: string;
  template: string;
  sealed: string;
  /** seconds; undefined: it is worth sending whenever it goes */
  expiresIn: number | undefined;
}

/** A mail that has not left, by its name. Never by whom it is for, or what it says. */
export interface MailName {
  id: string;
  template: string;
}

export interface WaitingMail extends MailName {
  sealed: string;
  expired: boolean;
}

/** Statements on auth.mail_outbox. What is expired, the database's clock says; when a mail is tried again, the queue. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly db: AuthDb) {}

  /** The id comes before the row: what is encrypted for it is bound to it. */
  async drawId(tx: AuthTransaction): Promise<string> {
    const [row] = await tx.query<{ id: string }>('select uuidv7() as id');
    return (row as { id: string }).id;
  }

  /** The table's trigger puts it into the queue. @param when false: the same statement, which then writes nothing */
  async add(tx: AuthTransaction, mail: NewMail, when: boolean): Promise<void> {
    await tx.query(
      `insert into auth.mail_outbox (id, recipient, template, values_encrypted, expires_at)
       select $1::uuid, $2, $3, $4, now() + make_interval(secs => $5::float8) where $6::boolean`,
      [mail.id, mail.recipient, mail.template, mail.sealed, mail.expiresIn ?? null, when],
    );
  }

  /** @returns undefined for one that has left or was given up */
  async find(id: string): Promise<WaitingMail | undefined> {
    const [mail] = await this.db.query<WaitingMail>(
      `select m.id, m.template, m.values_encrypted as sealed, coalesce(m.expires_at <= now(), false) as expired
         from auth.mail_outbox m where m.id = $1 and m.failed_at is null`,
      [id],
    );
    return mail;
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.db.query('delete from auth.mail_outbox where id = any($1::uuid[])', [ids]);
  }

  /** @param givenUp whether it is not tried again: then it is emptied, and stays to be looked at */
  async fail(id: string, error: string, givenUp: boolean): Promise<void> {
    await this.db.query(
      `update auth.mail_outbox m set
         last_error = $2,
         failed_at = case when $3::boolean then now() end,
         values_encrypted = case when not $3 then m.values_encrypted end
       where m.id = $1 and m.failed_at is null`,
      [id, error, givenUp],
    );
  }

  removeExpired(): Promise<MailName[]> {
    return this.db.query<MailName>(
      'delete from auth.mail_outbox where failed_at is null and expires_at <= now() returning id, template',
    );
  }

  /** Gives up what waits and is not in the queue any more: after its last attempt, or deleted there with its tenant. */
  failLost(error: string): Promise<MailName[]> {
    return this.db.query<MailName>(
      `update auth.mail_outbox m set last_error = coalesce(m.last_error, $1), failed_at = now(), values_encrypted = null
        where m.failed_at is null and not exists (
          select from pgboss.job j where j.name = 'mail' and j.id = m.id and j.state < 'completed')
       returning m.id, m.template`,
      [error],
    );
  }
}
