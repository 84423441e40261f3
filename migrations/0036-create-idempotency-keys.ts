import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { IN_TENANT, IN_TENANT_NAMES, OUTSIDE, OUTSIDE_NAMES } from './parts/idempotency-functions.js';

/**
 * Why: a client that lost an answer asks again, and must not have it done twice. What was answered is kept for a day beside
 * the key that was sent with it, and in a tenant's transaction the two are one: there is no change without its answer, and
 * no answer without its change.
 *
 * Answers hold what their caller was shown, so nobody reads them but by functions, which take tenant and caller from the
 * context. Keys and bodies are there as keyed hashes alone: the key is the server's, and no password is guessed from a dump.
 */
export class CreateIdempotencyKeys1764000000036 implements MigrationInterface {
  name = 'CreateIdempotencyKeys1764000000036';

  async up(q: QueryRunner): Promise<void> {
    await q.query(IN_APP + IN_AUTH);
    await q.query(ASKER);
    await q.query(asDerive('app, auth', `${IN_TENANT} ${OUTSIDE} ${GRANTS}`));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop function ${[...IN_TENANT_NAMES, ...OUTSIDE_NAMES].join(', ')};
      set role ringfence_context;
      drop function auth.asker(text, boolean);
      reset role;
      drop table app.idempotency_keys, auth.idempotency_keys;
    `);
  }
}

const COLUMNS = `
    -- of the route and the key
    hash bytea not null constraint idempotency_keys_hash_check check (length(hash) = 32),
    -- of the request: path, query and body
    fingerprint bytea not null constraint idempotency_keys_fingerprint_check check (length(fingerprint) = 32),
    -- of the request that is under way, or was: nobody else ends it
    token uuid not null,
    -- while it is under way: a process that died is waited for no longer
    leased_until timestamptz,
    -- once it has succeeded: its answer, or why that is not here
    kept text constraint idempotency_keys_kept_check check (kept in ('answer', 'secret', 'large')),
    status smallint,
    headers jsonb constraint idempotency_keys_headers_check check (pg_column_size(headers) <= 16384),
    body text constraint idempotency_keys_body_check check (octet_length(body) <= 65536),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '24 hours',
    constraint idempotency_keys_lease_check check ((kept is null) = (leased_until is not null)),
    constraint idempotency_keys_answer_check check (
      coalesce(kept = 'answer', false) = (status is not null) and (kept = 'answer' or (headers is null and body is null)))`;

const IN_APP = `
  create table app.idempotency_keys (
    tenant_id uuid not null references app.tenants (id),
    -- the API key that asked, else the person
    actor_id uuid not null,
    ${COLUMNS},
    primary key (tenant_id, actor_id, hash)
  );
  create index idempotency_keys_expiring on app.idempotency_keys (expires_at);
  call app.protect_table('app.idempotency_keys', 'idempotency_key', p_commands => '{}', p_fence_to => 'ringfence_owner, ringfence_app',
    p_other_indexes => '{idempotency_keys_expiring}');
  grant select, insert, update, delete on app.idempotency_keys to ringfence_derive;
  create policy derive_reads on app.idempotency_keys for select to ringfence_derive using (true);
  create policy derive_inserts on app.idempotency_keys for insert to ringfence_derive with check (true);
  create policy derive_changes on app.idempotency_keys for update to ringfence_derive using (true);
  create policy derive_deletes on app.idempotency_keys for delete to ringfence_derive using (true);
  call app.hide_statistics('app.idempotency_keys', '{hash}');`;

const IN_AUTH = `
  create table auth.idempotency_keys (
    -- the session or the operator that asked; on public routes a keyed hash of the network
    actor_id uuid not null,
    ${COLUMNS},
    primary key (actor_id, hash)
  );
  create index auth_idempotency_keys_expiring on auth.idempotency_keys (expires_at);
  grant select, insert, update, delete on auth.idempotency_keys to ringfence_derive;`;

const ASKER = `
  grant create on schema auth to ringfence_context;
  set role ringfence_context;
  -- whose capability that is: their session's id, or theirs
  create function auth.asker(p_cap text, p_of_session boolean) returns uuid language plpgsql stable security definer set search_path = '' as $$
  begin
    return (select case when p_of_session then c.session_id else c.user_id end from auth.capabilities c
      where c.hash = sha256(convert_to(p_cap, 'UTF8')) and c.expires_at > now());
  end $$;
  revoke all on function auth.asker(text, boolean) from public;
  grant execute on function auth.asker(text, boolean) to ringfence_derive;
  reset role;
  revoke create on schema auth from ringfence_context`;

const GRANTS = `
  revoke all on function ${[...IN_TENANT_NAMES, ...OUTSIDE_NAMES].join(', ')} from public;
  grant execute on function ${IN_TENANT_NAMES.join(', ')} to ringfence_app;
  grant execute on function ${OUTSIDE_NAMES.join(', ')} to ringfence_auth`;
