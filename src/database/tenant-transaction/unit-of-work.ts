import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { PoolClient } from 'pg';
import type { Unit } from '../../context/index.js';
import type { Afterwards } from './after-commit.js';
import {
  enterStatement,
  readContext,
  type DatabaseContext,
  type DeadReason,
  type Settings,
  type Statement,
} from './entry.js';
import { TransactionClosedError } from './errors.js';
import { LazyClient, type Obtain } from './lazy-client.js';

/** Decides what the database's answer means. Throwing refuses every statement of the unit. */
export type Admit = (context: DatabaseContext | DeadReason) => void;

/**
 * One request's, job's or script's transaction. Making one costs nothing: a connection is taken at the first statement,
 * and a unit that never uses the database never has one.
 */
export class UnitOfWork implements Unit {
  private readonly client: LazyClient;
  private runner?: QueryRunner;
  private known?: DatabaseContext;
  private readonly afterwards: Afterwards[] = [];
  private ending = false;

  constructor(
    private readonly source: DataSource,
    readonly settings: Settings,
    admit: Admit,
    private readonly committed: (afterwards: readonly Afterwards[]) => void,
  ) {
    this.client = new LazyClient(poolOf(source), {
      statement: enterStatement(settings),
      admit: (rows) => {
        const context = readContext(rows);
        this.known = typeof context === 'string' ? undefined : context;
        admit(context);
      },
    });
  }

  get opened(): boolean {
    return this.client.opened;
  }

  get ended(): boolean {
    return this.client.ended;
  }

  /** TypeORM's manager on this transaction. Its own `transaction(...)` nests as a savepoint. */
  get manager(): EntityManager {
    return (this.runner ??= this.makeRunner()).manager;
  }

  /** The short way for statements written by hand: no entities, no broadcasting. */
  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query(text, values)).rows as Row[];
  }

  /** A read that is all this unit does: COMMIT travels with it. Any statement after it is refused. */
  async queryOnce<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.queryOnce(text, values)).rows as Row[];
  }

  /** Who the database says is calling; opens the transaction if need be. Undefined where there is no capability. */
  async context(): Promise<DatabaseContext | undefined> {
    if (this.known === undefined) await this.client.query('select 1 where false');
    return this.known;
  }

  /**
   * Has something done once COMMIT is acknowledged; never after a rollback, and not where nobody knows which it was.
   * @throws TransactionClosedError when this unit is ending
   */
  afterCommit(work: Afterwards): void {
    if (this.ending) throw new TransactionClosedError('the transaction of this unit has ended: nothing comes after it');
    this.afterwards.push(work);
  }

  /** @param last statements that travel with COMMIT: if one fails, nothing is committed */
  async commit(...last: Statement[]): Promise<void> {
    this.ending = true;
    try {
      await this.client.commit(...last);
    } catch (error) {
      await this.rollback();
      throw error;
    }
    this.committed(this.afterwards.splice(0));
    await this.runner?.release();
  }

  async rollback(reason?: Error): Promise<void> {
    this.ending = true;
    await this.client.rollback(reason);
    await this.runner?.release();
  }

  /**
   * A QueryRunner whose connection is the lazy client and which believes that its transaction has begun, so that
   * `manager.transaction(...)` inside it makes a savepoint. `connect` is public; the depth is not, and a test pins it.
   */
  private makeRunner(): QueryRunner {
    const runner = this.source.createQueryRunner();
    const ready = Promise.resolve(this.client);
    runner.connect = () => ready;
    Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
    return runner;
  }
}

function poolOf(source: DataSource): Obtain {
  const driver = source.driver as unknown as { obtainMasterConnection(): Promise<[PoolClient, () => void]> };
  return () => driver.obtainMasterConnection();
}
