import { Injectable, Module } from '@nestjs/common';
import { TenantDb, TenantTransactions } from '../../src/database/index.js';
import { DealPermissions } from '../../src/modules/deals/index.js';
import {
  defineJob,
  JobHandler,
  type JobRun,
  Jobs,
  JobsModule,
  PermanentJobError,
} from '../../src/modules/jobs/index.js';
import { defineAuditActions, TextField, UuidField } from '../../src/route/index.js';
import type { StandardRole } from '../../src/route/index.js';
import { plantCapability } from '../support/acting.js';
import type { TestApp } from '../support/app.js';
import type { TestDatabase } from '../support/database.js';
import type { Person, Tenant } from '../support/world.js';

export class RetitlePayload {
  @UuidField()
  dealId!: string;

  @TextField({ max: 200 })
  title!: string;
}

export const BenchActions = defineAuditActions('bench', { done: 'Did what a test asked for' });

const wish = { payload: RetitlePayload, attempts: 3, timeoutSeconds: 5 } as const;
/** Gives a deal another title. */
export const Retitle = defineJob({
  ...wish,
  kind: 'bench.retitle',
  permissions: [DealPermissions.read, DealPermissions.update],
  action: BenchActions.done,
});
/** Tries the same without the right to. */
export const Peek = defineJob({ ...wish, kind: 'bench.peek', permissions: [DealPermissions.read] });
/** Twice in transactions of its own, and done in a third. */
export const Steps = defineJob({
  ...wish,
  kind: 'bench.steps',
  permissions: [DealPermissions.read, DealPermissions.update],
  transaction: 'none',
});

/** What the handlers saw, and what a test wants them to do in the middle. */
@Injectable()
export class Bench {
  readonly runs: JobRun[] = [];
  readonly found: number[] = [];
  during: (run: JobRun) => Promise<void> = async () => undefined;

  reset(): void {
    this.runs.length = 0;
    this.found.length = 0;
    this.during = async () => undefined;
  }
}

@Injectable()
class Retitler {
  constructor(
    readonly db: TenantDb,
    readonly bench: Bench,
  ) {}

  async retitle({ dealId, title }: RetitlePayload): Promise<void> {
    const rows = await this.db.query(`update app.deals set title = $2 where id = $1 returning id`, [dealId, title]);
    this.bench.found.push(rows.length);
  }

  async run(payload: RetitlePayload, job: JobRun): Promise<void> {
    this.bench.runs.push(job);
    await this.retitle(payload);
    await this.bench.during(job);
    if (payload.title === 'poison') throw new PermanentJobError('poisoned');
  }
}

@JobHandler(Retitle)
@Injectable()
export class RetitleHandler extends Retitler {}

@JobHandler(Peek)
@Injectable()
export class PeekHandler extends Retitler {}

@JobHandler(Steps)
@Injectable()
export class StepsHandler extends Retitler {
  override async run(payload: RetitlePayload, job: JobRun): Promise<void> {
    this.bench.runs.push(job);
    await job.run(() => this.retitle({ dealId: payload.dealId, title: `${payload.title} 1` }));
    await this.bench.during(job);
    await job.run(() => this.retitle({ dealId: payload.dealId, title: `${payload.title} 2` }));
  }
}

@Module({ imports: [JobsModule], providers: [Bench, RetitleHandler, PeekHandler, StepsHandler], exports: [Bench] })
export class BenchModule {}

/** As a person of the tenant, in a transaction that is committed. */
export async function asPerson<T>(
  app: TestApp,
  db: TestDatabase,
  tenant: Tenant,
  person: { id: string },
  work: (jobs: Jobs) => Promise<T>,
): Promise<T> {
  const { cap, sessionId } = await plantCapability(db, tenant, person as Person);
  const principal = {
    userId: person.id,
    sessionId,
    tenantId: tenant.id,
    permissions: undefined,
    aal: 'aal1',
    minAal: 'aal1',
    authTime: 0,
    cap,
    claims: '{}',
  } as const;
  const jobs = app.nest.get(Jobs, { strict: false });
  return app.nest.get(TenantTransactions, { strict: false }).run(principal, () => work(jobs));
}

export const as = <T>(
  app: TestApp,
  db: TestDatabase,
  tenant: Tenant,
  role: StandardRole,
  work: (jobs: Jobs) => Promise<T>,
): Promise<T> => asPerson(app, db, tenant, tenant.users[role], work);

export interface Row {
  status: string;
  attempt: number;
  error: string | null;
  payload: unknown;
}

export const titleOf = async (db: TestDatabase, id: string | undefined): Promise<string> =>
  (await db.look<{ title: string }>('select title from app.deals where id = $1', [id]))[0]?.title ?? '';
