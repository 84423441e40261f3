import { expect } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { KeyRing } from '../../src/config/index.js';
import { Clock } from '../../src/context/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/modules/storage/index.js';
import { LostObjects } from '../../src/modules/sweeping/files/lost-objects.js';
import { StrayObjects } from '../../src/modules/sweeping/files/stray-objects.js';
import { UnwantedVersions } from '../../src/modules/sweeping/files/unwanted-versions.js';
import { startApp } from '../support/app.js';
import { sha256Of } from '../support/file-calls.js';
import { readRoleGraph, recompute } from '../support/role-graph.js';
import { s3Driver } from '../support/s3-server.js';
import { MovableClock } from '../support/stores.js';
import type { Ledger } from './load.js';
import type { Stage } from './stage.js';

/** What must hold whatever has failed, asked past the fence. */
export class TenantInvariants {
  constructor(
    private readonly stage: Stage,
    private readonly ledger: Ledger,
  ) {}

  private get db() {
    return this.stage.db;
  }

  /** Until all jobs are over; those of the killed worker come again as its heartbeat is missed, here without the minute. */
  async settle(): Promise<void> {
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 500))) {
      const [open] = await this.stage.look<{ n: number }>(
        `select count(*)::integer as n from app.jobs where status in ('queued', 'running')`,
      );
      if (open?.n === 0) return;
      await this.stage.look(`update pgboss.job set heartbeat_on = now() - interval '10 minutes'
        where state = 'active' and started_on < now() - interval '15 seconds'`); // prettier-ignore
      await this.stage.look(`update pgboss.job set start_after = now() where state = 'retry'`);
      await this.stage.look(`update pgboss.queue set monitor_on = null, maintain_on = null`);
    }
  }

  async owners(): Promise<void> {
    expect(
      await this.stage.look(`select t.slug from app.tenants t where not exists (
           select from app.memberships m join app.roles r on (r.tenant_id, r.id) = (m.tenant_id, m.role_id)
            where m.tenant_id = t.id and r.is_root and m.status = 'active')`),
    ).toEqual([]);
  }

  async closure(): Promise<void> {
    for (const tenant of [this.db.world.a, this.db.world.b]) {
      const graph = await readRoleGraph(this.db, tenant);
      const { closure, rights } = recompute(graph);
      expect([[...graph.closure].sort(), graph.rights]).toEqual([[...closure].sort(), rights]);
    }
  }

  async acknowledged(): Promise<void> {
    const rows = await this.stage.look<{ id: string; title: string }>('select id, title from app.deals');
    const titles = new Map(rows.map(({ id, title }) => [id, title]));
    expect(this.ledger.deals.size).toBeGreaterThan(20);
    expect([...this.ledger.deals].filter(([id, known]) => !known.includes(titles.get(id) ?? ''))).toEqual([]);
    const files = await this.stage.look<{ file_id: string; status: string; sha256: string }>(
      'select file_id, status, sha256 from app.file_versions',
    );
    const found = new Map(files.map((file) => [file.file_id, `${file.status} ${file.sha256}`]));
    expect([...this.ledger.files].filter(([id, sha256]) => found.get(id) !== `ready ${sha256}`)).toEqual([]);
  }

  async entries(): Promise<void> {
    const rows = await this.stage.look<{ id: string; n: number }>(
      `select request_id as id, count(*)::integer as n from app.audit_log where outcome = 'success' and request_id = any ($1) group by 1`,
      [this.ledger.changes],
    );
    const counted = new Map(rows.map(({ id, n }) => [id, n]));
    expect(this.ledger.changes.filter((id) => counted.get(id) !== 1)).toEqual([]);
    expect(
      await this.stage.look(`select d.id, d.version, c.made, c.changed from app.deals d cross join lateral (
           select count(*) filter (where action = 'deal.created') as made, count(*) filter (where action = 'deal.updated') as changed
             from app.audit_log l where l.tenant_id = d.tenant_id and l.target_id = d.id and l.outcome = 'success') c
          where d.title ~ '^(made|changed) ' and (c.made <> 1 or c.changed <> d.version - 1)`),
    ).toEqual([]);
    expect(
      await this.stage.look(`select l.id from app.audit_log l where l.action = 'deal.created' and l.outcome = 'success'
            and not exists (select from app.deals d where d.id = l.target_id)`),
    ).toEqual([]);
  }

  async jobs(): Promise<void> {
    expect(await this.stage.look(`select status, count(*)::integer as n from app.jobs group by 1`)).toEqual([
      { status: 'succeeded', n: expect.any(Number) },
    ]);
    expect(
      await this.stage.look(`select v.file_id from app.file_versions v where v.status = 'ready' and 1 <> (
           select count(*) from app.audit_log l where l.target_id = v.file_id and l.action = 'file.cleared' and l.outcome = 'success')`),
    ).toEqual([]);
  }

  async files(): Promise<void> {
    const clock = new MovableClock();
    const driver = s3Driver(this.stage.s3, clock);
    const ring = await KeyRing.load(this.stage.ringFile);
    const app = await startApp(this.db, { AUDIT_SEAL_INTERVAL_MS: '0' }, (builder) =>
      builder
        .overrideProvider(KeyRing)
        .useValue(ring)
        .overrideProvider(Clock)
        .useValue(clock)
        .overrideProvider(STORAGE_DRIVER)
        .useValue(driver),
    );
    await this.stage.look(
      `update app.file_versions set created_at = now() - interval '2 days', checking_since = null where status = 'pending'`,
    );
    clock.offset = 26 * 3_600_000;
    const going = new AbortController().signal;
    for (const sweeper of [UnwantedVersions, StrayObjects, LostObjects])
      await app.nest.get(sweeper, { strict: false }).run(going);
    const rows = await this.stage.look<{ object_key: string; status: string; sha256: string }>(
      'select object_key, status, sha256 from app.file_versions order by object_key',
    );
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['ready']));
    expect(await keysOf(driver)).toEqual(rows.map(({ object_key }) => object_key));
    for (const { object_key, sha256 } of rows)
      expect(sha256Of(await buffer(await driver.read(object_key)))).toBe(sha256);
  }
}

async function keysOf(driver: StorageDriver): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of driver.list('')) keys.push(key);
  return keys.sort();
}
