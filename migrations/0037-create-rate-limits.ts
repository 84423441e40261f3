import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a limit on requests holds for all processes together, so they share one count of each caller. A process takes
 * points in advance, for many callers in one statement, and gives them out from its memory; what all of them took in one
 * window is never more than the limit. The window is the database's: a process whose clock is wrong neither prolongs nor
 * resets it. Rows are locked in the order of their keys, so that no two statements wait for each other.
 *
 * A key is a keyed hash, never an address or an id. The table is unlogged: what it says is of use for a minute, so it costs
 * no write-ahead log, and an empty one after a crash grants everybody a new minute.
 */
export class CreateRateLimits1764000000037 implements MigrationInterface {
  name = 'CreateRateLimits1764000000037';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create unlogged table auth.rate_limits (
        key bytea primary key check (octet_length(key) = 32),
        -- when the window ends that taken belongs to
        expires_at timestamptz not null,
        taken integer not null check (taken >= 0),
        at_most integer not null check (at_most > 0)
      ) with (fillfactor = 70);
      grant select, insert, update, delete on auth.rate_limits to ringfence_auth;
      grant select, insert, update, delete on auth.rate_limits to ringfence_service;

      -- Takes up to p_wanted points of each key, and opens a window of a minute where none is open.
      create function auth.lease_points(p_keys bytea[], p_wanted integer[], p_at_most integer[])
        returns table (
          key bytea,
          granted integer,
          remaining integer,          -- what nobody has taken yet
          ends_in double precision    -- seconds until the window ends
        ) language sql set search_path = ''
      begin atomic
        insert into auth.rate_limits as r (key, expires_at, taken, at_most)
        select t.key, clock_timestamp() + interval '60 seconds', least(t.wanted, t.at_most), t.at_most
          from unnest(p_keys, p_wanted, p_at_most) t (key, wanted, at_most)
         order by t.key
        on conflict (key) do update set
          expires_at = case when r.expires_at <= excluded.expires_at - interval '60 seconds' then excluded.expires_at else r.expires_at end,
          taken = case when r.expires_at <= excluded.expires_at - interval '60 seconds' then excluded.taken
                       else greatest(r.taken, least(excluded.at_most, r.taken + excluded.taken)) end,
          at_most = excluded.at_most
        returning new.key, new.taken - case when old.expires_at = new.expires_at then old.taken else 0 end,
          greatest(new.at_most - new.taken, 0), extract(epoch from new.expires_at - clock_timestamp())::float8;
      end;
      revoke all on function auth.lease_points(bytea[], integer[], integer[]) from public;
      grant execute on function auth.lease_points(bytea[], integer[], integer[]) to ringfence_auth;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop function auth.lease_points(bytea[], integer[], integer[]);
      drop table auth.rate_limits;
    `);
  }
}
