import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { DOOR_NAMES, DOORS, FAN_OUT, INNER_NAMES } from './parts/webhook-functions.js';
import { WORKER, WORKER_NAMES } from './parts/webhook-worker-functions.js';

/**
 * Why: partners want to hear of what is done instead of asking for it. What is done already stands in the audit log, written
 * in the transaction that does it, under a name that a route declares; so an entry is an event. A trigger at the log finds
 * the endpoints of its tenant that want it, and writes message, deliveries and their rows in the queue in that transaction:
 * what is rolled back is told to nobody, and what is committed is not forgotten.
 *
 * A message says what the log says: which kind of act, on which id, by whom. Rows with names and amounts are fetched by the
 * receiver, who is asked for rights of its own then. The secrets that sign lie beside, encrypted with a key that is not in
 * the database, where the application's role cannot read them; endpoints change through functions, at AAL2.
 */
export class CreateWebhooks1764000000035 implements MigrationInterface {
  name = 'CreateWebhooks1764000000035';

  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
    await q.query(SECRETS);
    await q.query(QUEUE);
    await q.query(asDerive('app, auth', `${FAN_OUT} ${DOORS} ${WORKER} ${GRANTS} ${TRIGGER}`));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop trigger publish_event on app.audit_log;
      drop function app.publish_event(), ${[...WORKER_NAMES, ...DOOR_NAMES, ...INNER_NAMES].join(', ')};
      reset role;
      delete from pgboss.job where name = 'webhook';
      select pgboss.delete_queue('webhook');
      drop table auth.webhook_secrets, app.webhook_deliveries, app.webhook_messages, app.webhooks;
    `);
  }
}

const derived = (table: string): string => `
  grant select, insert, update, delete on app.${table} to ringfence_derive;
  create policy derive_reads on app.${table} for select to ringfence_derive using (true);
  create policy derive_inserts on app.${table} for insert to ringfence_derive with check (true);
  create policy derive_changes on app.${table} for update to ringfence_derive using (true);
  create policy derive_deletes on app.${table} for delete to ringfence_derive using (true);
  call app.hide_statistics('app.${table}');`;

const TABLES = `
  create table app.webhooks (
    tenant_id uuid not null references app.tenants (id),
    id uuid not null default uuidv7(),
    url text not null constraint webhooks_url_check check (length(url) <= 2000 and url ~ '^https?://[^[:space:][:cntrl:]#]+$'),
    events text[] not null constraint webhooks_events_check check (
      cardinality(events) between 1 and 100 and array_to_string(events, ' ', '') ~ '^[a-z_]+\\.[a-z_]+( [a-z_]+\\.[a-z_]+)*$'),
    description text not null constraint webhooks_description_check check (length(description) <= 200),
    status text not null default 'active' constraint webhooks_status_check check (status in ('active', 'disabled')),
    disabled_reason text constraint webhooks_disabled_reason_check check (disabled_reason in ('by_hand', 'gone', 'failing', 'backlog')),
    -- since the first attempt that failed and was followed by no success
    failing_since timestamptz,
    -- when somebody was told last that it was disabled
    mailed_at timestamptz,
    created_by uuid not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint webhooks_disabled_check check ((status = 'disabled') = (disabled_reason is not null))
  );
  create index webhooks_active on app.webhooks (tenant_id) where status = 'active';
  create table app.webhook_messages (
    tenant_id uuid not null references app.tenants (id),
    id uuid not null default uuidv7(),
    type text not null,
    payload jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
  );
  create index webhook_messages_old on app.webhook_messages (created_at);
  create table app.webhook_deliveries (
    tenant_id uuid not null,
    id uuid not null default uuidv7(),
    webhook_id uuid not null,
    message_id uuid not null,
    status text not null default 'pending' constraint webhook_deliveries_status_check check (status in ('pending', 'delivered', 'failed')),
    -- counted as they begin: one that ends its process counts as well
    attempts integer not null default 0,
    last_attempt_at timestamptz,
    response_status integer,
    -- a code, and never what was answered
    error_code text,
    duration_ms integer,
    next_attempt_at timestamptz default now(),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint webhook_deliveries_webhook_fkey foreign key (tenant_id, webhook_id) references app.webhooks (tenant_id, id) on delete cascade,
    constraint webhook_deliveries_message_fkey foreign key (tenant_id, message_id) references app.webhook_messages (tenant_id, id) on delete cascade
  );
  create index webhook_deliveries_list on app.webhook_deliveries (tenant_id, webhook_id, id desc);
  create index webhook_deliveries_by_status on app.webhook_deliveries (tenant_id, webhook_id, status, id desc);
  create index webhook_deliveries_by_message on app.webhook_deliveries (tenant_id, message_id);
  create index webhook_deliveries_pending on app.webhook_deliveries (created_at) where status = 'pending';
  call app.protect_table('app.webhooks', 'webhook', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app');
  call app.protect_table('app.webhook_messages', 'webhook', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app',
    p_other_indexes => '{webhook_messages_old}');
  call app.protect_table('app.webhook_deliveries', 'webhook', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app',
    p_other_indexes => '{webhook_deliveries_pending}');
  ${['webhooks', 'webhook_messages', 'webhook_deliveries'].map(derived).join('')}
  call app.audit_table('app.webhooks', 'webhook', p_masked => '{url}', p_ignored => '{failing_since,mailed_at}');`;

/** Two sign while one is rotated. What they are encrypted with is in the key ring. */
const SECRETS = `
  create table auth.webhook_secrets (
    id uuid primary key,
    tenant_id uuid not null,
    webhook_id uuid not null,
    secret_encrypted text not null,
    -- null: it signs until it is rotated
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    constraint webhook_secrets_webhook_fkey foreign key (tenant_id, webhook_id) references app.webhooks (tenant_id, id) on delete cascade
  );
  create unique index webhook_secrets_newest on auth.webhook_secrets (tenant_id, webhook_id) where expires_at is null;
  create index webhook_secrets_webhook on auth.webhook_secrets (tenant_id, webhook_id);
  create index webhook_secrets_expiring on auth.webhook_secrets (expires_at);
  grant select, insert, delete, update (expires_at) on auth.webhook_secrets to ringfence_derive;
  grant select, delete, update (secret_encrypted) on auth.webhook_secrets to ringfence_auth;
  grant select, insert, update, delete on auth.webhook_secrets to ringfence_service;`;

/**
 * When an endpoint is tried again the worker says, attempt by attempt, and a row that it puts off counts no retry. So these
 * are for workers that end, and for a database that is away when one wants to say how it went. A row that a worker holds is
 * given to another one after 45 seconds: an attempt lasts 15 at most.
 */
const QUEUE = `
  select pgboss.create_queue('webhook', '{"policy": "standard", "retryLimit": 500, "retryDelay": 5, "retryBackoff": true,
    "retryDelayMax": 600, "expireInSeconds": 45, "retentionSeconds": 2678400, "deleteAfterSeconds": 3600}')`;

const GRANTS = `
  revoke all on function app.publish_event(), ${[...INNER_NAMES, ...DOOR_NAMES, ...WORKER_NAMES].join(', ')} from public;
  grant execute on function ${DOOR_NAMES.join(', ')} to ringfence_app;
  grant execute on function ${WORKER_NAMES.join(', ')} to ringfence_auth;`;

/** Not ALWAYS, as what protects rows is: a copy of the log on another server has nothing to tell. */
const TRIGGER = `
  create trigger publish_event after insert on app.audit_log for each row when (new.outcome = 'success')
    execute function app.publish_event()`;
