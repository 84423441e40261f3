import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { CHANGES } from './parts/audit-changes.js';
import { WRITERS } from './parts/audit-writers.js';
import { asKey, contextReaders, holder, jobFunctions, jobsSeen, refusedAsKey, staying } from './parts/key-context.js';
import { DOOR_NAMES, DOORS, INNER_NAMES, SERVING, SERVING_NAMES } from './parts/key-functions.js';
import { asJob, definition } from './parts/redefine.js';

/**
 * Why: a partner's program has no person to sign in. A key is a capability of its own kind: the same hash that a token has, for
 * a person who answers for it, narrowed to the key's permissions. So the readers of the context, the policies and the fence
 * hold for it as they are, and what that person loses, the key loses in the same moment. It stands at AAL1 by a constraint,
 * and is yet not asked for what a tenant demands of its members, since it was made at AAL2. No key is a session: it changes
 * nobody's factors, leaves no tenant and is no operator.
 *
 * A key belongs to its tenant. Its secrets lie as hashes in a table that no login role reads, so that it outlives whoever made
 * it: without them it has no capability, until somebody with the right confirms it and answers for it.
 */
export class CreateApiKeys1764000000034 implements MigrationInterface {
  name = 'CreateApiKeys1764000000034';

  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
    await q.query(CAPABILITIES);
    await q.query(PROTECTION);
    await this.replace(q, true);
    await q.query(jobsSeen(true));
    await q.query(
      asDerive(
        'app, auth',
        `${DOORS} ${SERVING}
         revoke all on function ${[...INNER_NAMES, ...DOOR_NAMES, ...SERVING_NAMES].join(', ')} from public;
         grant execute on function ${DOOR_NAMES.join(', ')} to ringfence_app;
         grant execute on function ${SERVING_NAMES.join(', ')} to ringfence_auth`,
      ),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      ${jobsSeen(false)}
      set role ringfence_derive;
      drop function ${[...SERVING_NAMES, ...DOOR_NAMES, ...INNER_NAMES].join(', ')};
      reset role;
      delete from auth.capabilities where key_id is not null;
      alter type app.request_context drop attribute key_id;
    `);
    await this.replace(q, false);
    await q.query(`
      revoke select (key_id) on auth.capabilities from ringfence_context;
      revoke select (key_id, tenant_id, member_status), insert (key_id) on auth.capabilities from ringfence_derive;
      alter table auth.capabilities drop column key_id;
      alter table app.jobs drop column api_key_id;
      drop table auth.key_secrets, app.api_keys;
    `);
  }

  private async replace(q: QueryRunner, keys: boolean): Promise<void> {
    await q.query(`grant create on schema app, auth to ringfence_context; set role ringfence_context;
      ${contextReaders(keys)} ${holder(keys)}
      reset role; revoke create on schema app, auth from ringfence_context;`);
    const as = keys ? asKey : (sql: string): string => sql;
    await q.query(
      asDerive(
        'app, auth',
        `${as(RECORD_AUDIT)} ${as(AUDIT_CHANGE)} ${keys ? refusedAsKey(RECORD_REFUSAL) : RECORD_REFUSAL}
         ${staying(keys)} ${jobFunctions(keys)}`,
      ),
    );
  }
}

/** As 0027, 0030 and 0024 have left them. */
const RECORD_AUDIT = asJob(definition(WRITERS, 'app.record_audit'));
const AUDIT_CHANGE = asJob(definition(CHANGES, 'app.audit_change')).replace(
  /^ {2}begin\n/m,
  `  begin
    -- the whole tenant comes or goes, and one entry says so
    if current_setting('app.tenant_move', true) = tenant::text and app.moves_now(tenant, tg_op) then
      return null;
    end if;
`,
);
const RECORD_REFUSAL = definition(WRITERS, 'auth.record_audit');

const TABLES = `
  create table app.api_keys (
    tenant_id uuid not null default app.tenant_id() references app.tenants (id),
    id uuid not null default uuidv7(),
    name text not null constraint api_keys_name_check check (length(name) between 1 and 100),
    -- the part of the key that may be told: it finds the key again in logs and in programs
    public_id text not null
      constraint api_keys_public_id_check check (public_id ~ '^[0-9A-Za-z]{16}$'),
    -- who answers for it, and with whose rights it acts; their membership or account may be gone
    user_id uuid not null references auth.users (id),
    created_by uuid not null references auth.users (id),
    permissions text[] not null constraint api_keys_permissions_check check (cardinality(permissions) between 1 and 500),
    expires_at timestamptz not null,
    requests_per_minute integer
      constraint api_keys_requests_per_minute_check check (requests_per_minute between 1 and 1000000),
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- when its newest secret was made, if not with it
    rotated_at timestamptz,
    last_used_at timestamptz,
    primary key (tenant_id, id),
    -- within the tenant: elsewhere it would tell of the keys of others
    constraint api_keys_public_id_key unique (tenant_id, public_id),
    constraint api_keys_expires_at_check check (expires_at > created_at and expires_at <= created_at + interval '366 days')
  );
  create index api_keys_user on app.api_keys (tenant_id, user_id);

  -- One a key, or two while it is rotated. No login role has any right here.
  create table auth.key_secrets (
    hash bytea primary key check (octet_length(hash) = 32),
    tenant_id uuid not null,
    key_id uuid not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default clock_timestamp(),
    constraint key_secrets_key_fkey foreign key (tenant_id, key_id) references app.api_keys (tenant_id, id) on delete cascade
  );
  create index key_secrets_key on auth.key_secrets (key_id);
  grant select, insert, update (expires_at), delete on auth.key_secrets to ringfence_derive;

  alter table app.jobs add column api_key_id uuid;   -- which key put it off, where one did
  grant select (api_key_id) on app.jobs to ringfence_app;
  call app.hide_statistics('app.jobs', '{key}');`;

const CAPABILITIES = `
  alter type app.request_context add attribute key_id uuid;
  alter table auth.capabilities add column key_id uuid,
    -- of a session, a job or a key, or of a job that a key put off
    add constraint capabilities_key_check check (
      key_id is null or session_id is null and aal = 1 and scopes is not null and tenant_id is not null),
    -- the new table is not under FORCE yet: the key is checked (no force row level security)
    add constraint capabilities_key_fkey foreign key (tenant_id, key_id) references app.api_keys (tenant_id, id) on delete cascade;
  create index capabilities_key on auth.capabilities (key_id) where key_id is not null;
  grant select (key_id) on auth.capabilities to ringfence_context;
  grant select (key_id, tenant_id, member_status), insert (key_id) on auth.capabilities to ringfence_derive;`;

const PROTECTION = `
  call app.protect_table('app.api_keys', 'api_key', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app');
  -- when it was last used is no change of the key
  create or replace trigger b_touch before update of name, user_id, permissions, rotated_at on app.api_keys
    for each row execute function app.touch_row();
  alter table app.api_keys enable always trigger b_touch;
  grant select, insert, update (user_id, rotated_at, last_used_at), delete on app.api_keys to ringfence_derive;
  create policy derive_reads on app.api_keys for select to ringfence_derive using (true);
  create policy derive_inserts on app.api_keys for insert to ringfence_derive with check (true);
  create policy derive_changes on app.api_keys for update to ringfence_derive using (true);
  create policy derive_deletes on app.api_keys for delete to ringfence_derive using (true);
  call app.hide_statistics('app.api_keys');
  call app.audit_table('app.api_keys', 'api_key', p_ignored => '{last_used_at}');`;
