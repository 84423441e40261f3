import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a second factor is worth as much as the weakest way to add or to remove one. So the table itself asks: whoever has
 * an active factor adds, renames, activates and removes factors at AAL2 only, whoever has none needs a live session of
 * their own, and two activations at once wait for each other. The rule is a trigger and not a policy, since a refusal must
 * be loud (RF004) and not a statement that changes nothing; it reads the session from the capability that the transaction
 * names (auth.holder), so that a forgotten guard, or a statement with somebody else's id in it, changes nothing.
 *
 * TOTP secrets must be used again and are encrypted with a key from outside the database; recovery codes have 120 random
 * bits, so a plain hash keeps them. The last used step of a TOTP factor and the counter of an authenticator live here, so
 * that a replay on another pod is seen.
 */
export class CreateFactors1764000000011 implements MigrationInterface {
  name = 'CreateFactors1764000000011';

  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
    await q.query(HOLDER);
    await q.query(GUARDS);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop table auth.recovery_codes, auth.factors;
      drop function auth.guard_factors(), auth.guard_recovery_codes();
      set role ringfence_context;
      drop function auth.holder(smallint, interval);
      reset role;
      revoke update (password_stands_alone) on auth.users from ringfence_auth;
      alter table auth.users drop column password_stands_alone;
      revoke select (auth_time) on auth.capabilities from ringfence_context;
      alter table auth.capabilities drop column auth_time;
    `);
  }
}

const TABLES = `
  -- when the last factor was given for the session that this capability is of
  alter table auth.capabilities add column auth_time timestamptz not null default now();
  grant select (auth_time) on auth.capabilities to ringfence_context;

  -- whether the password was long enough to be the only factor: a shorter one counts beside a second factor alone
  alter table auth.users add column password_stands_alone boolean not null default true;
  grant update (password_stands_alone) on auth.users to ringfence_auth;

  create table auth.factors (
    id uuid primary key default uuidv7(),
    user_id uuid not null references auth.users (id) on delete cascade,
    type text not null constraint factors_type_check check (type in ('totp', 'webauthn')),
    name text not null constraint factors_name_check check (length(name) between 1 and 100),
    totp_secret_encrypted text,
    totp_last_step bigint,
    credential_id text constraint factors_credential_key unique,
    public_key bytea,
    sign_count bigint,
    transports text[] not null default '{}',
    created_at timestamptz not null default now(),
    activated_at timestamptz,
    last_used_at timestamptz,
    check ((type = 'totp') = (totp_secret_encrypted is not null)),
    check ((type = 'webauthn') = (credential_id is not null and public_key is not null and sign_count is not null))
  );
  create index factors_user on auth.factors (user_id);

  create table auth.recovery_codes (
    hash bytea primary key check (octet_length(hash) = 32),
    user_id uuid not null references auth.users (id) on delete cascade,
    created_at timestamptz not null default now(),
    -- kept when it was used, so that using it again is told from guessing
    used_at timestamptz
  );
  create index recovery_codes_user on auth.recovery_codes (user_id);

  grant select, insert, delete, update (name, activated_at, totp_secret_encrypted, totp_last_step, sign_count, last_used_at)
    on auth.factors to ringfence_auth;
  grant select, insert, delete, update (used_at) on auth.recovery_codes to ringfence_auth;
  grant select, insert, update, delete on auth.factors, auth.recovery_codes to ringfence_service;`;

const HOLDER = `
  grant create on schema auth to ringfence_context;
  set role ringfence_context;
  -- whose live capability the transaction names, if it stands at that level or above, given no longer ago than p_max_age
  -- (null: whenever); whatever its tenant's state
  create function auth.holder(p_min_aal smallint, p_max_age interval) returns uuid
    language sql stable security definer set search_path = ''
  begin atomic
    select c.user_id from auth.capabilities c
     where c.hash = (select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))
       and c.expires_at > now() and c.aal >= p_min_aal
       and (p_max_age is null or c.auth_time > now() - p_max_age);
  end;
  revoke all on function auth.holder(smallint, interval) from public;
  grant execute on function auth.holder(smallint, interval) to ringfence_auth;
  reset role;
  revoke create on schema auth from ringfence_context;`;

// Bound by the role that signs people in. The service plants and cleans, and a person's removal cascades as the owner.
const GUARDS = `
  create function auth.guard_factors() returns trigger language plpgsql set search_path = '' as $$
  declare
    who constant uuid := case when tg_op = 'DELETE' then old.user_id else new.user_id end;
    needed smallint := 1;
    -- a new factor would make every old one look fresh, so adding and removing ask for a recent one; a name does not
    age interval := '15 minutes';
  begin
    if current_user = 'ringfence_auth' then
      if tg_op = 'UPDATE' and (new.totp_last_step < old.totp_last_step or new.sign_count < old.sign_count
           or (new.totp_last_step is null and old.totp_last_step is not null)) then
        raise exception 'what was used stays used' using errcode = 'RF004';
      elsif tg_op = 'UPDATE' and new.activated_at is not distinct from old.activated_at then
        age := null;
        if new.name = old.name then
          return new;
        end if;
      end if;
      perform from auth.users u where u.id = who for no key update;
      if exists (select from auth.factors f where f.user_id = who and f.activated_at is not null) then
        needed := 2;
      else
        age := null;
      end if;
      if auth.holder(needed, age) is distinct from who then
        raise exception 'a second factor is changed at AAL2, in a session of its owner' using errcode = 'RF004';
      end if;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
  end $$;
  create trigger a_guard before insert or delete or update of name, activated_at, totp_last_step, sign_count on auth.factors
    for each row execute function auth.guard_factors();
  alter table auth.factors enable always trigger a_guard;

  -- Codes come with the first factor, in the transaction that activates it, or are renewed at AAL2.
  create function auth.guard_recovery_codes() returns trigger language plpgsql set search_path = '' as $$
  begin
    if current_user <> 'ringfence_auth' then
      return new;
    elsif tg_op = 'UPDATE' then
      if old.used_at is not null then
        raise exception 'what was used stays used' using errcode = 'RF004';
      end if;
    elsif auth.holder(2::smallint, '15 minutes') is distinct from new.user_id and (
         auth.holder(1::smallint, null) is distinct from new.user_id
         or not exists (select from auth.factors f where f.user_id = new.user_id and f.activated_at = now())
         or exists (select from auth.factors f where f.user_id = new.user_id and f.activated_at <> now())) then
      raise exception 'recovery codes are renewed at AAL2, in a session of their owner' using errcode = 'RF004';
    end if;
    return new;
  end $$;
  create trigger a_guard before insert or update on auth.recovery_codes
    for each row execute function auth.guard_recovery_codes();
  alter table auth.recovery_codes enable always trigger a_guard;
  revoke all on function auth.guard_factors(), auth.guard_recovery_codes() from public;`;
