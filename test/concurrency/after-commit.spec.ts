import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Injectable, Logger, Module, Post } from '@nestjs/common';
import { type Principal, RequestContext } from '../../src/context/index.js';
import {
  AfterCommit,
  NoTransactionError,
  TenantDb,
  TenantTransactions,
  TransactionClosedError,
} from '../../src/database/index.js';
import { DealPermissions } from '../../src/modules/deals/index.js';
import { NotAudited, RequirePermission, Retryable } from '../../src/route/index.js';
import { principalOf } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const TITLE = 'after-commit';
const INSERT = `insert into app.deals (title, amount, currency) values ('${TITLE}', 1, 'EUR')`;

/** What the tests want done after a commit, and before it. */
@Injectable()
class Wishes {
  afterwards: () => unknown = () => undefined;
  before: () => Promise<unknown> = async () => undefined;
}

@Controller('v1/after')
class AfterController {
  constructor(
    private readonly db: TenantDb,
    private readonly wishes: Wishes,
  ) {}

  @Post()
  @RequirePermission(DealPermissions.create)
  @NotAudited('part of the tests')
  @Retryable(1)
  async write(): Promise<{ ok: boolean }> {
    await this.db.query(INSERT);
    this.db.afterCommit(() => this.wishes.afterwards());
    await this.wishes.before();
    return { ok: true };
  }
}

@Module({ controllers: [AfterController], providers: [Wishes] })
class AfterModule {}

const { db } = useDatabase();
const held = useApp(db, { APP_POOL_SIZE: '1', METRICS_TOKEN: 'scraper-scraper-scraper-scraper-1' }, undefined, [
  AfterModule,
]);
const { a } = db.world;
let wishes: Wishes;
let after: AfterCommit;
let tenant: TenantDb;
let transactions: TenantTransactions;
let principal: Principal;
let token: string;

beforeAll(async () => {
  const get = <T>(type: new (...dependencies: never[]) => T): T => held.app.nest.get(type, { strict: false });
  [wishes, after, tenant, transactions] = [get(Wishes), get(AfterCommit), get(TenantDb), get(TenantTransactions)];
  principal = await principalOf(db, a, 'owner');
  token = await held.app.token(a.users.owner.email);
  const owner = await db.as('owner');
  await owner.query(`
    create function app.refuse_commit() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$;
    create constraint trigger refused after insert on app.deals deferrable initially deferred
      for each row when (new.title = 'refused') execute function app.refuse_commit()`);
});
beforeEach(async () => {
  wishes.afterwards = () => undefined;
  wishes.before = async () => undefined;
  await db.look('delete from app.deals where title = $1', [TITLE]);
});

const post = () => held.app.call('POST', '/v1/after', { token });
const written = async (): Promise<number> => (await db.look('select from app.deals where title = $1', [TITLE])).length;
/** @returns what was logged as an error since */
function errors(): () => unknown[] {
  const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  return () => logged.mock.calls.map(([line]) => line);
}
/** How many of the wishes ran once all that is due is done. */
async function ran(work: () => Promise<unknown>): Promise<number> {
  let times = 0;
  wishes.afterwards = () => void (times += 1);
  await work();
  await new Promise((resolve) => setImmediate(resolve));
  await after.drain();
  return times;
}

describe('what comes after a commit', () => {
  it('comes when the row is there for all to see, and behind the answer, which it does not hold up', async () => {
    const seen = Promise.withResolvers<number>();
    const answered = Promise.withResolvers<undefined>();
    wishes.afterwards = async () => {
      await answered.promise; // whoever waited for this before answering would wait for ever
      seen.resolve(await written());
    };
    expect((await post()).status).toBe(201);
    answered.resolve(undefined);
    expect(await seen.promise).toBe(1);
  });

  it('changes nothing of the answer when it fails, is logged and counted', async () => {
    const logged = errors();
    wishes.afterwards = () => {
      throw new Error('planted: nobody listens');
    };
    expect((await post()).status).toBe(201);
    wishes.afterwards = () => Promise.reject(new Error('planted: later'));
    expect((await post()).status).toBe(201);
    await after.drain();
    expect(logged()).toHaveLength(2);
    const scraped = await held.app.call('GET', '/metrics', { token: 'scraper-scraper-scraper-scraper-1' });
    expect(scraped.text).toMatch(/^ringfence_after_commit_total\{outcome="failed"\} 2$/m);
    expect(await written()).toBe(2);
  });

  it.each([
    ['a handler that throws', () => Promise.reject(new Error('planted'))],
    ['an error of the server that was swallowed', () => tenant.query('select 1 / 0').catch(() => undefined)],
    ['a COMMIT that the server refuses', () => tenant.query(INSERT.replace(TITLE, 'refused'))],
  ])('never comes after %s', async (_, before) => {
    wishes.before = before;
    expect(await ran(async () => expect((await post()).status).toBeGreaterThanOrEqual(400))).toBe(0);
    expect(await written()).toBe(0);
  });

  it('comes once where the first try was rolled back', async () => {
    let tries = 0;
    wishes.before = async () => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('deadlock'), { code: '40P01' });
    };
    expect(await ran(async () => expect((await post()).status).toBe(201))).toBe(1);
    expect([tries, await written()]).toEqual([2, 1]);
  });

  it('has no transaction and no caller, and may open its own, on the one connection that the request gave back', async () => {
    const told = Promise.withResolvers<unknown[]>();
    const context = held.app.nest.get(RequestContext, { strict: false });
    wishes.afterwards = async () => {
      const refused = await Promise.resolve()
        .then(() => tenant.query('select 1'))
        .catch((error: unknown) => error);
      const rows = await transactions.run(principal, () => tenant.query('select from app.deals where title = $1', [TITLE])); // prettier-ignore
      told.resolve([refused, rows.length, context.stateOrUndefined]);
    };
    expect((await post()).status).toBe(201);
    expect(await told.promise).toEqual([expect.any(NoTransactionError), 1, undefined]);
  });

  it('follows the transaction of a job or a script as well, and is refused where none is open or one has ended', async () => {
    let times = 0;
    const count = () => void (times += 1);
    await transactions.run(principal, async () => tenant.afterCommit(count));
    const failed = transactions.run(principal, async () => {
      tenant.afterCommit(count);
      throw new Error('planted');
    });
    await expect(failed).rejects.toThrow('planted');
    let late = (): void => undefined;
    await transactions.run(principal, async () => {
      const unit = tenant.begin();
      late = () => unit.afterCommit(count);
      await tenant.query('select 1');
    });
    expect(late).toThrow(TransactionClosedError);
    expect(() => tenant.afterCommit(count)).toThrow(NoTransactionError);
    await new Promise((resolve) => setImmediate(resolve));
    await after.drain();
    expect(times).toBe(1);
  });

  it('is waited for at the end of the process, and what hangs is not', async () => {
    const gate = Promise.withResolvers<undefined>();
    let drained = false;
    wishes.afterwards = () => gate.promise;
    await post();
    const drain = after.drain(60_000).then(() => (drained = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(drained).toBe(false);
    const logged = errors();
    await after.drain(1);
    expect(logged()).toEqual([expect.stringMatching(/^1 were still under way/)]);
    gate.resolve(undefined);
    await drain;
  });
});
