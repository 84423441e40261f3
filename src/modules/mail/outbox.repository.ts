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

/** A mail that this process may send until the lease is over. */
export interface ClaimedMail {
  id: string;
  template: string;
  sealed: string;
  /** counts this claim; says whether the lease is still ours */
  attempts: number;
  expired: boolean;
}

/** Longer than a mail may take to send, so that nobody sends it beside us. */
const LEASE_SECONDS = 120;
const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 3_600;
const GIVE_UP_SECONDS = 24 * 3_600;

/** Statements on auth.mail_outbox. What is due and what is over, the database's clock says. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly db: AuthDb) {}

  /** The id comes before the row: what is encrypted for it is bound to it. */
  async drawId(tx: AuthTransaction): Promise<string> {
    const [row] = await tx.query<{ id: string }>('select uuidv7() as id');
    return (row as { id: string }).id;
  }

  /** @param when false: the same statement, which then writes nothing */
  async add(tx: AuthTransaction, mail: NewMail, when: boolean): Promise<void> {
    await tx.query(
      `insert into auth.mail_outbox (id, recipient, template, values_encrypted, expires_at)
       select $1::uuid, $2, $3, $4, now() + make_interval(secs => $5::float8) where $6::boolean`,
      [mail.id, mail.recipient, mail.template, mail.sealed, mail.expiresIn ?? null, when],
    );
  }

  /** Takes up to so many that are due, oldest first, and leases them. Of many pods at once, each row goes to one. */
  claim(limit: number): Promise<ClaimedMail[]> {
    return this.db.query<ClaimedMail>(
      // materialized: a join that runs the inner query again would lock more rows than it was asked for
      `with due as materialized (
         select d.id from auth.mail_outbox d where d.failed_at is null and d.due_at <= now()
          order by d.due_at limit $1 for update skip locked)
       update auth.mail_outbox m set attempts = m.attempts + 1, due_at = now() + make_interval(secs => $2)
         from due where m.id = due.id
       returning m.id, m.template, m.values_encrypted as sealed, m.attempts, coalesce(m.expires_at <= now(), false) as expired`,
      [limit, LEASE_SECONDS],
    );
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.db.query('delete from auth.mail_outbox where id = any($1::uuid[])', [ids]);
  }

  /**
   * After a failure: due again after a pause that doubles, or given up and emptied. Changes nothing when the lease was lost.
   * @param permanent whether trying again would be no use
   * @returns whether it was given up
   */
  async postpone({ id, attempts }: ClaimedMail, error: string, permanent: boolean): Promise<boolean> {
    const [row] = await this.db.query<{ failed: boolean }>(
      `update auth.mail_outbox m set
         last_error = $3,
         due_at = least(m.expires_at, now() + make_interval(secs => least($5 * power(2, least(m.attempts - 1, 20)), $6))),
         failed_at = case when over.yes then now() end,
         values_encrypted = case when not over.yes then m.values_encrypted end
       from (select $4::boolean or o.created_at <= now() - make_interval(secs => $7) as yes
               from auth.mail_outbox o where o.id = $1) over
       where m.id = $1 and m.attempts = $2 and m.failed_at is null
       returning m.failed_at is not null as failed`,
      [id, attempts, error, permanent, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, GIVE_UP_SECONDS],
    );
    return row?.failed ?? false;
  }
}
