import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { migrate, migratorOptions, revertAll } from '../../src/database/migrator.js';
import { migrations } from '../../migrations/index.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();

/** Everything a migration can make, by name and definition. How a function's body is indented says nothing. */
const CATALOGUE = `
  select 'table ' || c.oid::regclass || ' ' || c.relrowsecurity || c.relforcerowsecurity || coalesce(c.relacl, acldefault('r', c.relowner))::text as thing
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('app', 'auth')
  union all select 'policy ' || p.polname || ' ' || p.polrelid::regclass || coalesce(pg_get_expr(p.polqual, p.polrelid), '')
      || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') || p.polpermissive from pg_policy p
  union all select 'function ' || p.oid::regprocedure || coalesce(p.proacl::text, '') || md5(regexp_replace(coalesce(p.prosrc, '') || coalesce(pg_get_function_sqlbody(p.oid), ''), '\\s+', ' ', 'g'))
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('app', 'auth')
  union all select 'trigger ' || t.tgname || t.tgenabled::text || ' ' || t.tgrelid::regclass from pg_trigger t where not t.tgisinternal
  union all select 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) from pg_constraint k
    join pg_namespace n on n.oid = k.connamespace where n.nspname in ('app', 'auth')
  union all select 'grant ' || a.attrelid::regclass || a.attname || a.attacl::text from pg_attribute a where a.attacl is not null
    and a.attrelid::regclass::text ~ '^(app|auth)\\.'
  order by 1`;

describe('migrations', () => {
  it('run all up, all down and all up again, and come to the same', async () => {
    const admin = await db.as('admin');
    const things = async (): Promise<string[]> =>
      (await admin.query<{ thing: string }>(CATALOGUE)).rows.map((row) => row.thing);
    const first = await things();
    expect(first.length).toBeGreaterThan(100);
    await db.look('delete from app.deals');
    await revertAll(db.connections.owner);
    expect(await things()).toEqual([]);
    expect(await migrate(db.connections.owner)).toEqual(migrations.map((migration) => migration.name));
    expect(await things()).toEqual(first);
    expect(await migrate(db.connections.owner)).toEqual([]);
  });

  it('are taken back one by one, and each leaves what was there before it', async () => {
    const admin = await db.as('admin');
    const things = async (): Promise<string[]> =>
      (await admin.query<{ thing: string }>(CATALOGUE)).rows.map((row) => row.thing);
    const run = async (count: number, work: (source: DataSource) => Promise<unknown>): Promise<void> => {
      const options = { ...migratorOptions(db.connections.owner), migrations: migrations.slice(0, count) };
      const source = await new DataSource(options).initialize();
      await work(source).finally(() => source.destroy());
    };
    await revertAll(db.connections.owner);
    const before: string[][] = [];
    for (const n of migrations.keys()) {
      before.push(await things());
      await run(n + 1, (source) => source.runMigrations());
    }
    await run(migrations.length, async (source) => {
      for (const [n, { name }] of [...migrations.entries()].reverse()) {
        await source.undoLastMigration();
        expect([name, await things()]).toEqual([name, before[n]]);
      }
    });
    await migrate(db.connections.owner);
  }, 60_000);

  it('each open with a paragraph of why, and have a name of verb and object', async () => {
    const { readdirSync, readFileSync } = await import('node:fs');
    const files = readdirSync('migrations').filter((file) => /^\d{4}-/.test(file));
    expect(files).toHaveLength(migrations.length);
    for (const file of files) {
      const text = readFileSync(`migrations/${file}`, 'utf8');
      expect([file, /\/\*\*\n \* Why: .{40}/.test(text)]).toEqual([file, true]);
      expect(file).toMatch(
        /^\d{4}-(create|protect|derive|add|drop|grant|change|demand|rotate|catalogue|administer|evaluate|move|explain|provision|hide|follow)-[a-z0-9-]+\.ts$/,
      );
    }
  });

  it('lift FORCE where they add a foreign key to a table that exists: else it validates nothing', async () => {
    const { readdirSync, readFileSync } = await import('node:fs');
    const careless = readdirSync('migrations')
      .filter((file) => /^\d{4}-/.test(file))
      .filter((file) => {
        const text = readFileSync(`migrations/${file}`, 'utf8');
        return /alter table[^;]*\badd\b[^;]*\bforeign key\b/i.test(text) && !/no force row level security/i.test(text);
      });
    expect(careless).toEqual([]);
  });
});
