/*
 * `node test/faults/invariants.ts` asks a database what must hold whatever has failed, and prints a line of JSON for each:
 * {"title", "found"}; an empty list is right. On standard input it gets what the load was told (Told). It is a process of its
 * own, signs in as the administrator, and shares no code with the application: Node runs this file as it is.
 */
import { text } from 'node:stream/consumers';
import pg from 'pg';

/** What the clients were told, and so may rely on. */
export interface Told {
  adminUrl: string;
  /** a deal, and the titles that it may have: one, unless an answer left it open */
  deals: [id: string, titles: string[]][];
  files: [id: string, sha256: string][];
  /** ids of requests that changed something and said so */
  changes: string[];
  /** deals that people of a tenant were shown */
  seen: [tenant: string, deals: string[]][];
  /** whether all jobs are over */
  settled: boolean;
}

export interface Finding {
  title: string;
  found: unknown[];
}

type Check = (told: Told) => Promise<unknown[]>;

const { Client } = pg;
let client: pg.Client;
const rows = async <Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await client.query(sql, values)).rows as Row[];

const CHECKS: Record<string, Check> = {
  'every tenant has an owner': () =>
    rows(`select t.slug from app.tenants t where not exists (
      select from app.memberships m join app.roles r on (r.tenant_id, r.id) = (m.tenant_id, m.role_id)
       where m.tenant_id = t.id and r.is_root and m.status = 'active')`),

  'the closure of roles is what it is computed from': async () => {
    const edges = await rows<{ parent: string; child: string }>(
      'select parent_id as parent, child_id as child from app.role_edges',
    );
    const stored = await rows<{ pair: string }>(
      `select ancestor_id || ' ' || descendant_id as pair from app.role_closure where ancestor_id <> descendant_id`,
    );
    const children = Map.groupBy(edges, ({ parent }) => parent);
    const wanted = new Set<string>();
    for (const ancestor of children.keys()) {
      const open = [ancestor];
      for (let role = open.pop(); role !== undefined; role = open.pop())
        for (const { child } of children.get(role) ?? []) {
          const pair = `${ancestor} ${child}`;
          if (!wanted.has(pair)) open.push(child);
          wanted.add(pair);
        }
    }
    const kept = new Set(stored.map(({ pair }) => pair));
    return [...[...wanted].filter((pair) => !kept.has(pair)), ...[...kept].filter((pair) => !wanted.has(pair))];
  },

  'no change that was acknowledged is lost': async ({ deals, files, settled }) => {
    const known = await rows<{ id: string; title: string }>('select id, title from app.deals');
    const titles = new Map(known.map(({ id, title }) => [id, title]));
    // until its job is done, a file that is complete waits to be cleared
    const versions = await rows<{ file_id: string; sha256: string }>(
      `select file_id, sha256 from app.file_versions where status = any ($1)`,
      [settled ? ['ready'] : ['ready', 'quarantined']],
    );
    const sums = new Map(versions.map(({ file_id, sha256 }) => [file_id, sha256]));
    return [
      ...deals.filter(([id, may]) => !may.includes(titles.get(id) ?? '')).map(([id]) => [id, titles.get(id)]),
      ...files.filter(([id, sha256]) => sums.get(id) !== sha256),
    ];
  },

  'every change has one entry in the log': async ({ changes }) => {
    const counted = await rows<{ id: string; n: number }>(
      `select request_id as id, count(*)::integer as n from app.audit_log where outcome = 'success' and request_id = any ($1) group by 1`,
      [changes],
    );
    const entries = new Map(counted.map(({ id, n }) => [id, n]));
    return [...new Set(changes)].filter((id) => entries.get(id) !== 1).map((id) => [id, entries.get(id)]);
  },

  'nothing is half done': async () => [
    ...(await rows(`select d.id, d.version, c.made, c.changed from app.deals d cross join lateral (
        select count(*) filter (where action = 'deal.created') as made, count(*) filter (where action = 'deal.updated') as changed
          from app.audit_log l where l.tenant_id = d.tenant_id and l.target_id = d.id and l.outcome = 'success') c
       where d.title ~ '^(made|changed) ' and (c.made <> 1 or c.changed <> d.version - 1)`)),
    ...(await rows(`select l.id, l.action from app.audit_log l where l.action = 'deal.created' and l.outcome = 'success'
        and not exists (select from app.deals d where d.id = l.target_id)`)),
    ...(await rows(`select l.id, l.action from app.audit_log l
       where l.action in ('deal.created', 'deal.updated') and l.outcome = 'success' and 1 <> (
         select count(*) from app.audit_changes c where (c.tenant_id, c.entry_id, c.row_id) = (l.tenant_id, l.id, l.target_id))`)),
    ...(await rows(`select c.entry_id, c.type from app.audit_changes c
        where not exists (select from app.audit_log l where (l.tenant_id, l.id) = (c.tenant_id, c.entry_id))`)),
    ...(await rows('select gid from pg_prepared_xacts')),
    ...(await rows(`select pid, usename, state from pg_stat_activity where datname = current_database()
        and state like 'idle in transaction%' and state_change < now() - interval '3 seconds'`)),
  ],

  'nobody was shown what is another tenant’s': async ({ seen }) => {
    const owned = await rows<{ id: string; tenant: string }>('select id, tenant_id as tenant from app.deals');
    const owners = new Map(owned.map(({ id, tenant }) => [id, tenant]));
    return seen.flatMap(([tenant, deals]) => deals.filter((id) => owners.get(id) !== tenant).map((id) => [tenant, id]));
  },

  'every job had its effect once': async ({ settled }) => [
    ...(settled
      ? await rows(`select status, count(*)::integer as n from app.jobs where status <> 'succeeded' group by 1`)
      : []),
    ...(await rows(`select v.file_id from app.file_versions v where v.status = 'ready' and 1 <> (
        select count(*) from app.audit_log l where l.target_id = v.file_id and l.action = 'file.cleared' and l.outcome = 'success')`)),
  ],
};

async function main(): Promise<void> {
  const told = JSON.parse(await text(process.stdin)) as Told;
  client = new Client({ connectionString: told.adminUrl, statement_timeout: 30_000 });
  await client.connect();
  await client.query('begin isolation level repeatable read read only');
  for (const [title, check] of Object.entries(CHECKS)) {
    const finding: Finding = { title, found: await check(told) };
    if (finding.found.length > 0) process.exitCode = 1;
    process.stdout.write(`${JSON.stringify(finding)}\n`);
  }
  await client.end();
}

if (import.meta.main) await main();
