import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnly } from './parts/append-only.js';
import { asDerive } from './parts/as-role.js';

/**
 * Why: who did what, where nobody can take it back. A row is written once, by functions that ask the database who is
 * acting; no role has a grant to write it, and a trigger that fires in every session mode refuses UPDATE, DELETE and
 * TRUNCATE to the owner too. The owner is ringfence_derive, as which nobody can log in. An entry says what was done; the
 * rows that changed with it hang at it, before and after. Both are partitioned by month, so that what is too old goes as a
 * whole table; partitions are made ahead and attached, which holds up no writer, and live in a schema that no login
 * role may look into.
 *
 * A writer waits for nobody: an entry's number is not drawn when it is written. It carries the id of its transaction, and
 * a sealer numbers what lies below the oldest transaction that is still open (0025). The nil UUID is the log of the
 * installation itself.
 *
 * Addresses and names are sealed under a key for each person in each log, which lies beside the log and not in it: once the
 * key is gone, what is sealed with it is noise, while the entry's commitment, and with it every proof, stays as it is.
 */
export class CreateAuditLog1764000000023 implements MigrationInterface {
  name = 'CreateAuditLog1764000000023';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create schema crypto;
      create extension pgcrypto with schema crypto;
      grant usage on schema crypto to ringfence_derive;
      create schema audit authorization ringfence_derive;
    `);
    await q.query(TABLES);
    await q.query(asDerive('app', APPEND_ONLY));
    await q.query(PROTECT);
    await q.query(asDerive('app', HAND_OVER));
    await q.query(VAULT);
    await q.query(asDerive('app, auth', SEALED));
    await q.query(asDerive('app, auth', PARTITIONS));
    await q.query(`
      create trigger vault_key after insert on app.memberships for each row execute function app.give_vault_key('tenant_id', 'user_id');
      alter table app.memberships enable always trigger vault_key;
      create trigger vault_key after insert on auth.users for each row execute function app.give_vault_key('', 'id');
      alter table auth.users enable always trigger vault_key;
      set role ringfence_derive; select audit.make_partitions(3); reset role;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop trigger vault_key on auth.users;
      drop trigger vault_key on app.memberships;
      set role ringfence_derive;
      drop function auth.make_audit_partitions(), audit.make_partitions(integer), audit.make_partition(text, text, timestamptz),
        app.give_vault_key(), app.vault_key(uuid, uuid), app.seal_personal(uuid, uuid, jsonb), app.open_personal(bytea, bytea);
      drop table app.audit_changes, app.audit_log;
      drop function app.refuse_change();
      drop schema audit;
      reset role;
      drop table auth.vault_keys;
      drop extension pgcrypto;
      drop schema crypto;
    `);
  }
}

const TABLES = `
  create table app.audit_log (
    tenant_id uuid not null,
    id uuid not null,                        -- time-ordered, of the moment that stands in "at"
    at timestamptz not null default now(),   -- start of the transaction
    xact_id xid8 not null default pg_current_xact_id(),
    n smallint not null,                     -- order within the transaction
    actor_type text not null,
    actor_id uuid,
    session_id uuid,
    action text not null,
    target_type text,
    target_id uuid,
    outcome text not null,
    code text,                               -- of the problem that was answered
    count integer not null default 1,
    request_id text,
    details jsonb,                           -- what the values may be, the one function that writes them says (0024)
    personal_key uuid,                       -- which of the actor's keys
    personal bytea,                          -- address and user agent, sealed
    commitment bytea,                        -- to what is sealed
    primary key (tenant_id, at, xact_id, n)
  ) partition by range (at);
  create index audit_log_list on app.audit_log (tenant_id, id);
  create index audit_log_by_action on app.audit_log (tenant_id, action, id);
  create index audit_log_by_actor on app.audit_log (tenant_id, actor_id, id);
  create index audit_log_by_target on app.audit_log (tenant_id, target_id, id);
  create index audit_log_by_outcome on app.audit_log (tenant_id, outcome, id) where outcome <> 'success';
  create index audit_log_unsealed on app.audit_log (xact_id);
  create table app.audit_changes (
    tenant_id uuid not null,
    at timestamptz not null default now(),
    entry_id uuid not null,
    id uuid not null default uuidv7(),       -- order within the entry
    type text not null,
    row_id uuid not null,
    op text not null,
    before jsonb,                            -- texts, truth values and lists of texts alone (app.audit_value)
    after jsonb,
    bytes integer not null default 0,        -- of the entry's changes up to this one: what is one entry must stay readable as one
    personal_key uuid,
    personal bytea,
    commitment bytea,
    primary key (tenant_id, at, entry_id, id)
  ) partition by range (at);
  create index audit_changes_by_row on app.audit_changes (tenant_id, row_id, entry_id);`;

const APPEND_ONLY = `
  create function app.refuse_change() returns trigger language plpgsql set search_path = '' as $$
  begin
    raise exception 'what is written here stays as it is' using errcode = 'RF026';
  end $$;
  revoke all on function app.refuse_change() from public;
  grant execute on function app.refuse_change() to ringfence_owner;`;

const PROTECT = ['app.audit_log', 'app.audit_changes']
  .map((table) => appendOnly(table, ", p_other_indexes => '{audit_log_unsealed}'"))
  .join('');

const HAND_OVER = `
  reset role;
  alter table app.audit_log owner to ringfence_derive;
  alter table app.audit_changes owner to ringfence_derive;
  set role ringfence_derive;`;

const VAULT = `
  -- one key a person and log; a person without a tenant's log has one in the installation's
  create table auth.vault_keys (
    tenant_id uuid not null,
    subject_id uuid not null,
    key_id uuid not null default gen_random_uuid(),
    key bytea not null constraint vault_keys_key_check check (octet_length(key) = 32),
    created_at timestamptz not null default now(),
    primary key (tenant_id, subject_id),
    constraint vault_keys_key_id_key unique (tenant_id, key_id)
  );
  grant select, insert, delete on auth.vault_keys to ringfence_derive;`;

const SEALED = `
  -- Made with the membership or the account, so that the first two acts of somebody need not wait for each other.
  create function app.vault_key(p_tenant uuid, p_subject uuid) returns auth.vault_keys language plpgsql set search_path = '' as $$
  declare
    k auth.vault_keys;
  begin
    select * into k from auth.vault_keys v where v.tenant_id = p_tenant and v.subject_id = p_subject;
    if not found then
      insert into auth.vault_keys (tenant_id, subject_id, key) values (p_tenant, p_subject, crypto.gen_random_bytes(32))
        on conflict do nothing;
      select * into k from auth.vault_keys v where v.tenant_id = p_tenant and v.subject_id = p_subject;
    end if;
    return k;
  end $$;

  create function app.give_vault_key() returns trigger language plpgsql security definer set search_path = '' as $$
  declare
    row constant jsonb := to_jsonb(new);
  begin
    perform app.vault_key(coalesce((row ->> tg_argv[0])::uuid, '00000000-0000-0000-0000-000000000000'), (row ->> tg_argv[1])::uuid);
    return null;
  end $$;

  -- AES-256-CBC over nonce and text; the commitment binds both, and says nothing about the text once the nonce is gone.
  create function app.seal_personal(p_tenant uuid, p_subject uuid, p_value jsonb,
      out key_id uuid, out sealed bytea, out commitment bytea) language plpgsql set search_path = '' as $$
  declare
    drawn constant bytea := crypto.gen_random_bytes(48);
    iv constant bytea := substr(drawn, 33);
    clear constant bytea := substr(drawn, 1, 32) || convert_to(p_value::text, 'UTF8');
    k auth.vault_keys;
  begin
    select v.* into k from auth.vault_keys v where v.tenant_id = p_tenant and v.subject_id = p_subject;
    if not found then
      k := app.vault_key(p_tenant, p_subject);
    end if;
    key_id := k.key_id;
    sealed := iv || crypto.encrypt_iv(clear, k.key, iv, 'aes-cbc/pad:pkcs');
    commitment := sha256(clear);
  end $$;

  -- @returns nonce and text, as they were committed to
  create function app.open_personal(p_key bytea, p_sealed bytea) returns bytea language sql immutable set search_path = '' as $$
    select crypto.decrypt_iv(substr(p_sealed, 17), p_key, substr(p_sealed, 1, 16), 'aes-cbc/pad:pkcs')
  $$;
  revoke all on function app.vault_key(uuid, uuid), app.give_vault_key(), app.seal_personal(uuid, uuid, jsonb),
    app.open_personal(bytea, bytea) from public;
  grant execute on function app.give_vault_key() to ringfence_owner;`;

const PARTITIONS = `
  -- A partition is born outside and then attached: that takes no lock that a writer waits for.
  create function audit.make_partition(p_parent text, p_name text, p_from timestamptz) returns void
    language plpgsql set search_path = '' as $$
  declare
    hidden record;
  begin
    execute format('create table audit.%I (like app.%I including all)', p_name, p_parent);
    for hidden in select a.attname from pg_catalog.pg_attribute a
        where a.attrelid = format('app.%I', p_parent)::regclass and a.attnum > 0 and a.attstattarget = 0 loop
      execute format('alter table audit.%I alter column %I set statistics 0', p_name, hidden.attname);
    end loop;
    execute format('alter table audit.%I enable row level security', p_name);
    execute format('alter table audit.%I force row level security', p_name);
    execute format('create policy fence on audit.%I as restrictive for all to ringfence_owner, ringfence_app, ringfence_auth using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()))', p_name);
    execute format('alter table app.%I attach partition audit.%I for values from (%L) to (%L)',
      p_parent, p_name, p_from, (p_from at time zone 'UTC' + interval '1 month') at time zone 'UTC');
    execute format('alter table audit.%I enable always trigger append_only', p_name);
    execute format('create trigger no_truncate before truncate on audit.%I for each statement execute function app.refuse_change()', p_name);
    execute format('alter table audit.%I enable always trigger no_truncate', p_name);
  end $$;

  -- This month and the next ones. @returns how many tables were made
  create function audit.make_partitions(p_ahead integer) returns integer language plpgsql set search_path = '' as $$
  declare
    made integer := 0;
    month timestamp;
    parent text;
    name text;
  begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('audit-partitions', 0));
    for i in 0 .. p_ahead loop
      month := date_trunc('month', now() at time zone 'UTC') + i * interval '1 month';
      foreach parent in array array['audit_log', 'audit_changes'] loop
        name := replace(parent, 'audit_', '') || to_char(month, '_YYYY_MM');
        if to_regclass('audit.' || quote_ident(name)) is null then
          perform audit.make_partition(parent, name, month at time zone 'UTC');
          made := made + 1;
        end if;
      end loop;
    end loop;
    return made;
  end $$;

  -- For the server, which calls it at start and now and then.
  create function auth.make_audit_partitions() returns integer language sql security definer set search_path = '' as $$
    select audit.make_partitions(3)
  $$;
  revoke all on function audit.make_partition(text, text, timestamptz), audit.make_partitions(integer), auth.make_audit_partitions() from public;
  grant execute on function auth.make_audit_partitions() to ringfence_auth;`;
