import { Body, Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { TenantDb } from '../../src/database/index.js';
import { Deal, DealPermissions } from '../../src/modules/deals/index.js';
import {
  Deprecated,
  NotAudited,
  Public,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
  Retryable,
  TextField,
} from '../../src/route/index.js';

class ProbeRequest {
  @TextField({ max: 20_000, description: 'SQL to run as it is: this controller is the injection.' })
  sql!: string;
}

/** Counts what a handler did, so that tests see how often it ran. */
@Injectable()
export class ProbeLog {
  runs = 0;
  floating: Promise<unknown>[] = [];
}

/** Routes that misbehave on purpose. Part of the tests' application only. */
@Controller('v1/probe')
export class ProbeController {
  constructor(
    private readonly db: TenantDb,
    private readonly log: ProbeLog,
  ) {}

  /** Runs injected SQL, one statement, and answers its rows. */
  @Post('sql')
  @RequirePermission(DealPermissions.read)
  @NotAudited('part of the tests')
  async sql(@Body() body: ProbeRequest): Promise<unknown> {
    this.log.runs += 1;
    return { rows: await this.db.query(body.sql) };
  }

  /** The same, for a handler that may run again. */
  @Post('retryable')
  @RequirePermission(DealPermissions.read)
  @NotAudited('part of the tests')
  @Retryable(2)
  async retryable(@Body() body: ProbeRequest): Promise<unknown> {
    return this.sql(body);
  }

  /** Who the fence thinks is here, asked three times on the way, with work between. */
  @Get('who')
  @RequirePermission(DealPermissions.read)
  async who(): Promise<unknown> {
    const tenants = new Set<string>();
    for (let n = 0; n < 3; n += 1) {
      for (const row of await this.db.query<{ t: string }>('select tenant_id as t from app.deals')) tenants.add(row.t);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { tenants: [...tenants] };
  }

  /** Fails after the claims were set and rows were written. */
  @Post('fail')
  @RequirePermission(DealPermissions.create)
  @NotAudited('part of the tests')
  async fail(): Promise<never> {
    await this.insert('will be rolled back');
    throw new Error('planted failure');
  }

  /** A write that nobody awaits. */
  @Post('floating')
  @RequirePermission(DealPermissions.create)
  @NotAudited('part of the tests')
  floating(): { ok: boolean } {
    const late = this.db.query(`insert into app.deals (title, amount, currency) values ('never awaited', 1, 'EUR')`);
    late.catch(() => undefined);
    this.log.floating.push(late);
    return { ok: true };
  }

  /** Queries that come after the answer: through a kept manager, and through the door itself. */
  @Post('late')
  @RequirePermission(DealPermissions.create)
  @NotAudited('part of the tests')
  late(): { ok: boolean } {
    const { db } = this;
    const { manager } = db;
    const sql = 'select tenant_id from app.deals';
    const answered = new Promise((resolve) => setTimeout(resolve, 50));
    for (const late of [answered.then(() => manager.query(sql)), answered.then(() => db.query(sql))]) {
      late.catch(() => undefined);
      this.log.floating.push(late);
    }
    return { ok: true };
  }

  /** An error of the server, swallowed: COMMIT would answer ROLLBACK. */
  @Post('swallow')
  @RequirePermission(DealPermissions.create)
  @NotAudited('part of the tests')
  async swallow(): Promise<{ ok: boolean }> {
    await this.insert('lost without a word');
    await this.db.query('select 1 / 0').catch(() => undefined);
    return { ok: true };
  }

  /** A savepoint that fails inside a transaction that goes on. */
  @Post('nested')
  @RequirePermission(DealPermissions.create)
  @NotAudited('part of the tests')
  async nested(): Promise<{ ok: boolean }> {
    await this.insert('outer');
    await this.db.manager
      .transaction(async (inner) => {
        await inner.query(`insert into app.deals (title, amount, currency) values ('inner', 1, 'EUR')`);
        throw new Error('inner fails');
      })
      .catch(() => undefined);
    await this.db.manager.transaction((inner) =>
      inner.query(`insert into app.deals (title, amount, currency) values ('inner kept', 1, 'EUR')`),
    );
    return { ok: true };
  }

  /** What the answer cannot be: its write must go with it. */
  @Post('unserialisable')
  @RequirePermission(DealPermissions.create)
  @NotAudited('part of the tests')
  async unserialisable(): Promise<unknown> {
    await this.insert('cannot be told');
    return { big: 1n };
  }

  @Get('aal2')
  @RequirePermission(DealPermissions.read)
  @RequireAal2()
  aal2(): { ok: boolean } {
    return { ok: true };
  }

  /** Never touches the database. */
  @Get('idle')
  @RequirePermission(DealPermissions.read)
  idle(): { ok: boolean } {
    return { ok: true };
  }

  /** Public, and reads: sees nothing. */
  @Get('open')
  @Public()
  async open(): Promise<unknown> {
    return { seen: await this.db.repository(Deal).count() };
  }

  /** Goes away, and has a Link of its own. */
  @Get('old')
  @RequirePermission(DealPermissions.read)
  @RequireAal2()
  @Deprecated({ since: '2026-01-01', sunset: '2027-01-01', link: '/docs/limits' })
  old(): Reply<{ ok: boolean }> {
    return reply({ ok: true }, { Link: '</v1/probe/old?page=2>; rel="next"' });
  }

  private insert(title: string): Promise<unknown> {
    return this.db.manager
      .createQueryBuilder()
      .insert()
      .into(Deal)
      .values({ title, amount: '1', currency: 'EUR', stage: 'lead', visibility: 'public' })
      .execute();
  }
}

@Module({ controllers: [ProbeController], providers: [ProbeLog] })
export class ProbeModule {}
