import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a token proves who signed it, not that it is still meant. Each access token therefore has one row here, keyed by
 * the hash of a secret that is computed from the token itself, with the session, person, tenant and assurance level it
 * was issued for and its own expiry. An old token stays at the level it was issued at, an expired one is dead in the
 * database too, and ending a session deletes its rows. A session may have no tenant (a person who belongs to none yet).
 * Nothing here holds a secret in the clear: capabilities and refresh tokens are hashes, private keys are encrypted.
 */
export class CreateSessions1764000000002 implements MigrationInterface {
  name = 'CreateSessions1764000000002';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table auth.sessions (
        id uuid primary key default uuidv7(),
        user_id uuid not null references auth.users (id) on delete cascade,
        tenant_id uuid,
        aal smallint not null default 1 check (aal in (1, 2)),
        amr text[] not null,
        auth_time timestamptz not null default now(),
        expires_at timestamptz not null,
        idle_expires_at timestamptz not null,
        user_agent text not null default '',
        address text not null default '',
        created_at timestamptz not null default now(),
        foreign key (tenant_id, user_id) references app.memberships (tenant_id, user_id) on delete cascade
      );
      create index sessions_user on auth.sessions (user_id);
      create index sessions_member on auth.sessions (tenant_id, user_id);
      create index sessions_expiry on auth.sessions (expires_at);

      create table auth.capabilities (
        hash bytea primary key check (octet_length(hash) = 32),
        session_id uuid not null references auth.sessions (id) on delete cascade,
        user_id uuid not null references auth.users (id) on delete cascade,
        tenant_id uuid,
        role_id uuid,
        member_status text default 'active',
        tenant_status text default 'active',
        aal smallint not null check (aal in (1, 2)),
        expires_at timestamptz not null,
        check ((tenant_id is null) = (role_id is null)),
        check (tenant_id is null or (member_status is not null and tenant_status is not null)),
        foreign key (tenant_id, user_id, role_id, member_status, tenant_status)
          references app.memberships (tenant_id, user_id, role_id, status, tenant_status)
          on update cascade on delete cascade
      );
      create index capabilities_session on auth.capabilities (session_id);
      create index capabilities_member on auth.capabilities (tenant_id, user_id);
      create index capabilities_expiry on auth.capabilities (expires_at);

      -- one row a refresh token; used_at set means a successor exists. The family is the session.
      create table auth.refresh_tokens (
        hash bytea primary key check (octet_length(hash) = 32),
        session_id uuid not null references auth.sessions (id) on delete cascade,
        used_at timestamptz,
        created_at timestamptz not null default now()
      );
      create index refresh_tokens_session on auth.refresh_tokens (session_id);

      create table auth.signing_keys (
        kid text primary key,
        alg text not null check (alg = 'ES256'),
        public_jwk jsonb not null,
        private_key_encrypted text not null,
        created_at timestamptz not null default now(),
        retired_at timestamptz
      );

      grant select, update (password_hash, full_name) on auth.users to ringfence_auth;
      grant select, insert, update, delete on auth.sessions to ringfence_auth;
      grant select, insert, delete on auth.capabilities to ringfence_auth;
      grant select, insert, update (used_at), delete on auth.refresh_tokens to ringfence_auth;
      grant select, insert, update (retired_at) on auth.signing_keys to ringfence_auth;
      grant select, insert, update, delete on auth.users, auth.sessions, auth.capabilities, auth.refresh_tokens
        to ringfence_service;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop table auth.signing_keys, auth.refresh_tokens, auth.capabilities, auth.sessions;
      revoke all on auth.users from ringfence_auth, ringfence_service;
    `);
  }
}
