import type { PoolClient, QueryResult } from 'pg';
import { FloatingQueryError, TransactionClosedError, TransactionControlError, TransactionLostError } from './errors.js';
import type { Statement } from './entry.js';
import { clean, commitFailure, cork, status } from './wire.js';

/** Takes a client from the pool; the second member gives it back, or destroys it when it gets a truthy argument. */
export type Obtain = () => Promise<[PoolClient, (destroy?: unknown) => void]>;

/** How the unit begins: what it sends first, and what it makes of the answer (throwing refuses the unit). */
export interface Opening {
  statement: Statement;
  admit: (rows: unknown[]) => void;
}

interface Waiting {
  statement: Statement;
  done: (error: Error | null, result?: QueryResult) => void;
}

const CONTROL =
  /^\s*(begin|start\s+transaction|commit|end|abort|rollback(?!\s+to)|prepare\s+transaction|set\s+session)\b/i;

/**
 * The connection that a unit of work sees. It takes a pooled client at the first statement, sends BEGIN and the opening
 * ahead of it in the same packet without waiting, accepts nothing after the end, and gives back only a client that the
 * server says is idle. Statements go unnamed and in the extended protocol: one at a time (no stacked statements), and
 * never through a prepared statement that injected SQL could have replaced.
 */
export class LazyClient {
  private client?: PoolClient;
  private giveBack?: (destroy?: unknown) => void;
  private asked = false;
  /** why every statement of this unit fails: the first error of connecting, BEGIN, opening or the connection */
  private fault?: Error;
  /** set: no statement is accepted any more, for this reason (made when somebody asks: most units end without anybody) */
  private sealed?: () => Error;
  private committing = false;
  /** set: COMMIT travels right behind the one statement of this unit */
  private once = false;
  private committed?: Promise<void>;
  private inflight = 0;
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly obtain: Obtain,
    private readonly opening: Opening,
  ) {}

  get opened(): boolean {
    return this.asked;
  }

  get ended(): boolean {
    return this.sealed !== undefined;
  }

  /** TypeORM's signature: text and positional values. @throws whatever ended or refused the unit, else the server's error */
  query(text: string, values?: unknown[]): Promise<QueryResult> {
    if (this.sealed) return Promise.reject(this.sealed());
    if (CONTROL.test(text))
      return Promise.reject(new TransactionControlError(`not in a unit of work: ${text.slice(0, 40)}`));
    return new Promise((resolve, reject) => {
      this.inflight += 1;
      const done: Waiting['done'] = (error, result) => {
        this.inflight -= 1;
        const cause = this.fault ?? error;
        if (cause) reject(cause);
        else resolve(result as QueryResult);
      };
      const sent = { statement: { text, values: values ?? [] }, done };
      if (this.client) this.send(this.client, sent);
      else {
        this.waiting.push(sent);
        this.open();
      }
    });
  }

  /**
   * The same for a unit whose only statement is this one, a read: COMMIT goes out behind it in the same packet, and the
   * unit takes no further statement. The transaction is READ ONLY, so that a refusal that comes with the opening's answer
   * finds nothing to undo. In a unit that is already open it is an ordinary statement.
   */
  queryOnce(text: string, values?: unknown[]): Promise<QueryResult> {
    if (this.asked || this.sealed) return this.query(text, values);
    this.once = true;
    const result = this.query(text, values);
    this.sealed = readIsSent;
    return result;
  }

  /** TypeORM listens for connection errors on what it is given; this class owns them. */
  on(): this {
    return this;
  }

  removeListener(): this {
    return this;
  }

  /**
   * Ends the transaction, for good. A unit that never used the database ends without a connection.
   * @param last go out ahead of COMMIT in the same packet; if one fails, nothing is committed and its error is thrown
   */
  async commit(...last: Statement[]): Promise<void> {
    if (last.length > 0 && (this.once || !this.client)) {
      for (const { text, values } of last.splice(0)) await this.query(text, values);
    }
    if (this.inflight > 0)
      throw new FloatingQueryError(`${this.inflight} statement(s) were not awaited before the end`);
    if (this.fault) throw this.fault;
    if (this.committed) return this.committed;
    if (this.sealed) throw this.sealed();
    this.sealed = hasEnded;
    const { client } = this;
    if (!client) return;
    if (status(client) === 'I') {
      this.release(true);
      throw new TransactionLostError('a statement ended the transaction before its time');
    }
    await this.sendCommit(client, ...last);
  }

  /** Rolls back whatever is open and accepts no statement from now on. Never rejects. */
  async rollback(
    reason: Error = new TransactionClosedError('the transaction of this unit was rolled back'),
  ): Promise<void> {
    this.sealed ??= () => reason;
    if (!this.client) this.failWaiting(this.sealed());
    if (!this.client || this.committing) return;
    const { client, giveBack } = this;
    this.client = undefined;
    this.giveBack = undefined;
    let broken: unknown;
    await client.query('ROLLBACK').catch((error: unknown) => {
      broken = error;
    });
    client.removeListener('error', this.onConnectionError);
    if (broken || status(client) !== 'I') return giveBack?.(true);
    clean(client, true);
    giveBack?.();
  }

  private open(): void {
    if (this.asked) return;
    this.asked = true;
    this.obtain().then(
      ([client, release]) => this.begin(client, release),
      (error: Error) => this.failWaiting(error),
    );
  }

  private begin(client: PoolClient, release: (destroy?: unknown) => void): void {
    if (this.sealed && !this.once) {
      release();
      return this.failWaiting(this.sealed());
    }
    if (status(client) !== 'I') {
      release(true);
      return this.failWaiting(new TransactionLostError('the pool handed out a connection that was not idle'));
    }
    this.client = client;
    this.giveBack = release;
    client.on('error', this.onConnectionError);
    cork(client, () => {
      client.query(this.once ? 'BEGIN READ ONLY' : 'BEGIN', (error: Error | null) => this.blame(error));
      this.send(client, { statement: this.opening.statement, done: (error, result) => this.admit(error, result) });
      for (const sent of this.waiting.splice(0)) this.send(client, sent);
      if (!this.once) return;
      this.committed = this.sendCommit(client);
      this.committed.catch(() => undefined); // the statement's own error comes first; commit() tells this one
    });
  }

  /** Runs before the answers of every statement behind it: the server answers in order. */
  private admit(error: Error | null, result?: QueryResult): void {
    this.blame(error);
    if (this.fault) return;
    try {
      this.opening.admit(result?.rows ?? []);
    } catch (refusal) {
      this.blame(refusal as Error);
    }
  }

  private send(client: PoolClient, { statement, done }: Waiting): void {
    const query = { text: statement.text, values: statement.values, queryMode: 'extended' };
    client.query(query, (error: Error | null, result: QueryResult) => {
      // a failed BEGIN, or a statement that ended the transaction, would leave what follows in autocommit
      if (!this.committing && status(client) === 'I') this.blame(new TransactionLostError('the transaction is gone'));
      done(error, result);
    });
  }

  private blame(error: Error | null): void {
    if (error) this.fault ??= error;
  }

  private failWaiting(error: Error): void {
    this.fault ??= error;
    for (const sent of this.waiting.splice(0)) sent.done(error);
  }

  private readonly onConnectionError = (error: Error): void => {
    this.blame(error);
    if (!this.committing) this.release(error);
  };

  /** What comes last, COMMIT and, behind it in the same packet, what cleans the session for the next unit. */
  private sendCommit(client: PoolClient, ...last: Statement[]): Promise<void> {
    this.committing = true;
    return new Promise((resolve, reject) => {
      let refused: Error | null = null;
      cork(client, () => {
        for (const statement of last) this.send(client, { statement, done: (error) => void (refused ??= error) });
        client.query('COMMIT', (error: Error | null, result?: QueryResult) => {
          this.committing = false;
          const failure = refused ?? commitFailure(error, result);
          if (error) this.fault ??= error;
          this.release(failure);
          if (failure) reject(failure);
          else resolve();
        });
        clean(client, false);
      });
    });
  }

  /** Gives the connection back as soon as the server says that it is idle; destroys it after anything unusual. */
  private release(failure?: unknown): void {
    const { client, giveBack } = this;
    if (!client) return;
    this.client = undefined;
    this.giveBack = undefined;
    const { fault } = this;
    this.sealed ??= fault ? () => fault : hasEnded;
    client.removeListener('error', this.onConnectionError);
    giveBack?.(failure !== undefined || status(client) !== 'I' ? true : undefined);
  }
}

const hasEnded = (): Error => new TransactionClosedError('the transaction of this unit has ended');

const readIsSent = (): Error =>
  new TransactionClosedError(
    'the one read of this unit has been sent with its COMMIT (queryOnce has ended it): use query instead',
  );
