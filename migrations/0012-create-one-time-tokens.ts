import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a link in a mail and a WebAuthn challenge are passwords for one use. They are kept as hashes, live ten minutes at
 * most by a constraint, and are used by deleting their row: of fifty uses at once, one finds it. The purpose is part of the
 * look-up, so that a link for one thing does nothing else, and a challenge belongs to the session that asked for it.
 *
 * Guesses are counted here and not in a pod's memory, so that many pods count as one. A guess is settled after it was
 * checked: of many at once only as many get an answer as the limit allows, whether they were right or not, since the
 * row's lock puts them in a row. Keys are keyed hashes of what was guessed at (an e-mail that nobody has counts the same),
 * so the table tells nobody who has an account.
 */
export class CreateOneTimeTokens1764000000012 implements MigrationInterface {
  name = 'CreateOneTimeTokens1764000000012';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table auth.one_time_tokens (
        hash bytea primary key check (octet_length(hash) = 32),
        purpose text not null constraint one_time_tokens_purpose_check check (purpose in (
          'magic_link', 'password_reset', 'unlock', 'webauthn_registration', 'webauthn_authentication')),
        user_id uuid references auth.users (id) on delete cascade,
        session_id uuid references auth.sessions (id) on delete cascade,
        -- what else its use depends on: the tenant asked for, the challenge of who asked (RFC 7636)
        details jsonb not null default '{}',
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        check (expires_at <= created_at + interval '10 minutes')
      );
      create index one_time_tokens_user on auth.one_time_tokens (user_id);
      create index one_time_tokens_session on auth.one_time_tokens (session_id);
      create index one_time_tokens_expiry on auth.one_time_tokens (expires_at);
      grant select, insert, delete on auth.one_time_tokens to ringfence_auth;
      grant select, insert, update, delete on auth.one_time_tokens to ringfence_service;

      create table auth.guesses (
        kind text not null constraint guesses_kind_check check (kind in ('password', 'code', 'address', 'mail', 'mail_address')),
        key bytea not null check (octet_length(key) = 32),
        failures integer not null default 0,
        -- how often in a row it locked: each lock is twice as long as the one before
        locks integer not null default 0,
        locked_until timestamptz,
        last_at timestamptz not null default now(),
        primary key (kind, key)
      );
      create index guesses_last on auth.guesses (last_at);
      grant select, insert, update, delete on auth.guesses to ringfence_auth, ringfence_service;

      create function auth.settle_guess(
        p_kind text, p_key bytea, p_right boolean, p_limit integer,
        p_lock interval,            -- the first lock; each further one is twice as long
        p_longest interval,
        p_forget interval,          -- wrong guesses and locks older than this do not count
        out locked_for double precision,   -- seconds; null: the guess counts as what it is
        out just_locked boolean
      ) language plpgsql set search_path = '' as $$
      declare
        g auth.guesses;
      begin
        just_locked := false;
        if not p_right then
          insert into auth.guesses (kind, key) values (p_kind, p_key) on conflict do nothing;
          if found then   -- each new row takes along some that count for nothing any more, so that their number stays bounded
            delete from auth.guesses x using (
              select y.kind, y.key from auth.guesses y where y.last_at < now() - interval '2 days'
               order by y.last_at limit 10 for update skip locked) old
             where x.kind = old.kind and x.key = old.key;
          end if;
        end if;
        select * into g from auth.guesses x where x.kind = p_kind and x.key = p_key for update;
        if not found then
          return;
        end if;
        if g.locked_until > clock_timestamp() then
          locked_for := extract(epoch from g.locked_until - clock_timestamp());
          return;
        end if;
        if g.last_at < now() - p_forget then
          g.failures := 0;
          g.locks := 0;
        end if;
        if p_right then
          delete from auth.guesses x where x.kind = p_kind and x.key = p_key;
          return;
        end if;
        g.failures := g.failures + 1;
        if g.failures >= p_limit then
          g.locked_until := clock_timestamp() + least(p_lock * power(2, least(g.locks, 20)), p_longest);
          g.locks := g.locks + 1;
          g.failures := 0;
          just_locked := true;
        end if;
        update auth.guesses x
           set failures = g.failures, locks = g.locks, locked_until = g.locked_until, last_at = now()
         where x.kind = p_kind and x.key = p_key;
      end $$;
      revoke all on function auth.settle_guess(text, bytea, boolean, integer, interval, interval, interval) from public;
      grant execute on function auth.settle_guess(text, bytea, boolean, integer, interval, interval, interval) to ringfence_auth;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop function auth.settle_guess(text, bytea, boolean, integer, interval, interval, interval);
      drop table auth.guesses, auth.one_time_tokens;
    `);
  }
}
