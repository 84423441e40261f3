import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';

/** The schema or the role is not what the fence stands on. The message says what is wrong and how to mend it. */
export class UnsafeDatabaseError extends Error {
  override name = 'UnsafeDatabaseError';
  constructor(readonly faults: string[]) {
    super(`Ringfence does not serve on this database:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

// pg_roles and pg_authid are closed to the application, so the role is read through what it may ask about itself.
const OWN_ROLE = `
  select current_user::text as name,
    current_setting('is_superuser') = 'on' as superuser,
    row_security_active('app.tenants'::regclass) = false as bypass,
    exists (select from pg_catalog.pg_auth_members m where m.member = to_regrole(current_user)) as member,
    exists (select from pg_catalog.pg_class c where c.relowner = to_regrole(current_user)::oid) as owner`;

const TABLES = `
  select 'app.' || c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
    exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polname = 'fence'
             and not p.polpermissive and p.polcmd = '*' and p.polqual is not null and p.polwithcheck is not null) as fenced,
    c.relispartition or exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polpermissive) as ruled,
    c.relispartition or 2 = (select count(*) from pg_catalog.pg_policy p where p.polrelid = c.oid and p.polname in ('derive_reads', 'derive_moves'))
      or not exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'owner_role_id' and not a.attisdropped)
      as registered
  from pg_catalog.pg_class c
  where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
  order by 1`;

const VIEWS = `
  select 'app.' || c.relname as name from pg_catalog.pg_class c
  where c.relnamespace = 'app'::regnamespace
    and (c.relkind in ('m', 'f') or (c.relkind = 'v' and not coalesce(c.reloptions::text like '%security_invoker=true%', false)))`;

/**
 * What must hold before the first request is served, read from the live catalogue with the application's own role.
 * @throws UnsafeDatabaseError listing every fault
 */
export async function assertSafeDatabase(source: DataSource): Promise<void> {
  const faults = [...(await migrationFaults(source))];
  if (faults.length === 0) faults.push(...(await roleFaults(source)), ...(await tableFaults(source)));
  if (faults.length > 0) throw new UnsafeDatabaseError(faults);
}

async function migrationFaults(source: DataSource): Promise<string[]> {
  const mend = 'run `npm run ringfence -- db migrate` with OWNER_DATABASE_URL set';
  const [there] = await source.query<{ there: boolean }[]>(
    `select to_regclass('meta.migrations') is not null as there`,
  );
  if (!there?.there) return [`no migration has run: ${mend}`];
  const ran = new Set(
    (await source.query<{ name: string }[]>('select name from meta.migrations')).map((row) => row.name),
  );
  const wanted = migrations.map((migration) => migration.name);
  const pending = wanted.filter((name) => !ran.has(name));
  return pending.length > 0 ? [`migrations are pending (${pending.join(', ')}): ${mend}`] : [];
}

async function roleFaults(source: DataSource): Promise<string[]> {
  type Role = { name: string; superuser: boolean; bypass: boolean; member: boolean; owner: boolean };
  const [role] = await source.query<Role[]>(OWN_ROLE);
  if (!role) return ['the role of APP_DATABASE_URL cannot be read'];
  const mend = 'use the URL of ringfence_app as APP_DATABASE_URL';
  return [
    role.superuser && `${role.name} is a superuser: ${mend}`,
    role.bypass && `${role.name} is not bound by row level security (BYPASSRLS): ${mend}`,
    role.owner && `${role.name} owns tables and could lift their protection: ${mend}`,
    role.member && `${role.name} is a member of another role and could become it: revoke that membership`,
  ].filter((fault) => typeof fault === 'string');
}

async function tableFaults(source: DataSource): Promise<string[]> {
  type Table = {
    name: string;
    enabled: boolean;
    forced: boolean;
    fenced: boolean;
    ruled: boolean;
    registered: boolean;
  };
  const mend =
    'call app.protect_table(...), or protect_resource(...) if its rows have owners, in the migration that makes it';
  const tables = (await source.query<Table[]>(TABLES)).flatMap((table) => {
    const lacks = [
      !table.enabled && 'row level security',
      !table.forced && 'FORCE ROW LEVEL SECURITY',
      !table.fenced && 'the restrictive tenant fence',
      !table.ruled && 'a policy that lets anybody see a row',
      !table.registered && 'the policies by which ownership is explained and moves',
    ].filter((lack) => typeof lack === 'string');
    return lacks.length > 0 ? [`${table.name} lacks ${lacks.join(' and ')}: ${mend}`] : [];
  });
  const views = (await source.query<{ name: string }[]>(VIEWS)).map(
    ({ name }) =>
      `${name} shows rows with its owner's rights: make it a view WITH (security_invoker = true), or drop it`,
  );
  return [...tables, ...views];
}
