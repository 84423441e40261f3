-- Why: a stolen connection should be worth as little as possible, so there is one login per job and none of them owns
-- what it uses. Requests run as ringfence_app, which sees rows only through row level security; sign-in runs as
-- ringfence_auth, which alone reads credentials; ringfence_service is the named way past the fence (workers, platform,
-- command line) and its password is not on an API pod; ringfence_owner owns the schema and is used by migrations only.
-- Two more roles cannot log in: they own the SECURITY DEFINER code. ringfence_context may read the few tables that say
-- who is asking; ringfence_derive may write the tables that are computed from others. NOINHERIT on all of them: a
-- careless GRANT of one role to another gives nothing until somebody says SET ROLE. Run once per cluster by an
-- administrator; running it again changes nothing.
do $roles$
declare
  r record;
begin
  for r in
    select * from (values
      ('ringfence_owner',   'login noinherit nobypassrls nocreatedb nocreaterole noreplication'),
      ('ringfence_app',     'login noinherit nobypassrls nocreatedb nocreaterole noreplication'),
      ('ringfence_auth',    'login noinherit nobypassrls nocreatedb nocreaterole noreplication'),
      ('ringfence_service', 'login noinherit bypassrls nocreatedb nocreaterole noreplication'),
      ('ringfence_context', 'nologin noinherit nobypassrls nocreatedb nocreaterole noreplication'),
      ('ringfence_derive',  'nologin noinherit nobypassrls nocreatedb nocreaterole noreplication')
    ) as wanted(name, options)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = r.name) then
      execute format('create role %I %s', r.name, r.options);
    else
      execute format('alter role %I %s', r.name, r.options);
    end if;
  end loop;
end
$roles$;

-- The migrator hands functions over to the two code-owning roles, so it must be able to become them; it inherits nothing.
grant ringfence_context, ringfence_derive to ringfence_owner with inherit false, set true, admin false;

-- Bounds live on the role. A session can lift its own (SET cannot be revoked), so they stop accidents, not attackers.
alter role ringfence_app set statement_timeout = '15s';
alter role ringfence_app set lock_timeout = '5s';
alter role ringfence_app set idle_in_transaction_session_timeout = '15s';
alter role ringfence_app set transaction_timeout = '30s';
alter role ringfence_auth set statement_timeout = '5s';
alter role ringfence_auth set lock_timeout = '3s';
alter role ringfence_auth set idle_in_transaction_session_timeout = '10s';
alter role ringfence_auth set transaction_timeout = '15s';
alter role ringfence_service set statement_timeout = '60s';
alter role ringfence_service set lock_timeout = '10s';
alter role ringfence_service set idle_in_transaction_session_timeout = '60s';
alter role ringfence_owner set lock_timeout = '10s';

-- pg_temp is named and last: unnamed it would be searched first for tables, and a temp table could shadow a real one.
alter role ringfence_app set search_path = app, pg_temp;
alter role ringfence_auth set search_path = auth, app, pg_temp;
alter role ringfence_service set search_path = app, auth, pg_temp;
alter role ringfence_owner set search_path = app, auth, pg_temp;
