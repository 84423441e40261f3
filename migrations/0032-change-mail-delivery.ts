import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';

/**
 * Why: when a mail is tried again is what a queue is for, and there is one now. A trigger puts each mail into it, in the
 * transaction that writes the mail, whichever function or program that is; so the outbox holds what is said and to whom,
 * and the queue when, as often as is worth it. The row in the queue has the mail's id.
 *
 * Mails that a tenant's people cause are one group in the queue, and a worker sends a few of a group at a time. All others
 * are for somebody who waits before a form, or is told of a change of their account: they have no group and go first.
 */
export class ChangeMailDelivery1764000000032 implements MigrationInterface {
  name = 'ChangeMailDelivery1764000000032';

  async up(q: QueryRunner): Promise<void> {
    await q.query(QUEUE);
    await q.query(asDerive('auth', FUNCTION));
    await q.query(`
      create trigger z_queue_mail after insert on auth.mail_outbox for each row execute function auth.queue_mail();
      alter table auth.mail_outbox enable always trigger z_queue_mail;
      ${queued('m.id', 'null::uuid', `auth.mail_outbox m where m.failed_at is null and q.name = 'mail'`)};
      alter table auth.mail_outbox drop column due_at, drop column attempts;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table auth.mail_outbox add column attempts integer not null default 0,
        add column due_at timestamptz not null default now();
      create index mail_outbox_due on auth.mail_outbox (due_at) where failed_at is null;
      grant update (attempts, due_at) on auth.mail_outbox to ringfence_auth;
      drop trigger z_queue_mail on auth.mail_outbox;
      set role ringfence_derive;
      drop function auth.queue_mail();
      reset role;
      delete from pgboss.job where name = 'mail';
      select pgboss.delete_queue('mail');
    `);
  }
}

/**
 * Thirty attempts: after a pause of a minute or two, then of twice as much, up to an hour, which makes a day and a little.
 * No heartbeat: a worker that lost its database holds a mail that the server has taken, until the mail's time is over.
 */
const QUEUE = `
  select pgboss.create_queue('mail', '{"policy": "standard", "retryLimit": 29, "retryDelay": 60, "retryBackoff": true,
    "retryDelayMax": 3600, "expireInSeconds": 120, "retentionSeconds": 1209600, "deleteAfterSeconds": 3600}')`;

/** The row in the queue for a mail. @param from further rows to read from, and what they must be */
const queued = (id: string, tenant: string, from: string): string => `
  insert into pgboss.job (name, id, data, group_id, priority, keep_until, policy, retry_limit, retry_delay, retry_backoff,
      retry_delay_max, expire_seconds, deletion_seconds)
    select q.name, ${id}, jsonb_build_object('mailId', ${id}), (${tenant})::text, case when (${tenant}) is null then 1 else 0 end,
           now() + make_interval(secs => q.retention_seconds), q.policy, q.retry_limit, q.retry_delay, q.retry_backoff,
           q.retry_delay_max, q.expire_seconds, q.deletion_seconds
      from pgboss.queue q, ${from}`;

const FUNCTION = `
  create function auth.queue_mail() returns trigger language plpgsql security definer set search_path = '' as $$
  begin
    ${queued('new.id', 'me.tenant_id', `app.context() me where q.name = 'mail'`)};
    if not found then
      raise exception 'there is no queue for mails' using errcode = 'P0001';
    end if;
    return null;
  end $$;
  revoke all on function auth.queue_mail() from public;
  grant execute on function auth.queue_mail() to ringfence_owner`;
