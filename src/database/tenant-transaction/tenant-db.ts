import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm';
import { type Principal, RequestContext, type RequestState } from '../../context/index.js';
import {
  aal2Required,
  apiKeyVoid,
  type DomainError,
  membershipSuspended,
  notAuthenticated,
  permissionMissing,
  sessionEnded,
  tenantSuspended,
} from '../../errors/index.js';
import { tokenVoid } from '../problems.js';
import { APP_DATA_SOURCE } from '../tokens.js';
import { AfterCommit, type Afterwards } from './after-commit.js';
import { NO_SETTINGS, type DatabaseContext, type DeadReason } from './entry.js';
import { NoTransactionError } from './errors.js';
import { type Admit, UnitOfWork } from './unit-of-work.js';

/**
 * The one door to tenant data. Repositories inject it; what they get belongs to the transaction of the request, job or
 * script that is running. There is no fall-back: without one, every use throws NoTransactionError.
 */
@Injectable()
export class TenantDb {
  constructor(
    @Inject(APP_DATA_SOURCE) private readonly source: DataSource,
    private readonly context: RequestContext,
    private readonly after: AfterCommit,
  ) {}

  get manager(): EntityManager {
    return this.unit.manager;
  }

  repository<E extends ObjectLiteral>(target: EntityTarget<E>): Repository<E> {
    return this.unit.manager.getRepository(target);
  }

  /** A hand-written statement; rows come as PostgreSQL names them. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]> {
    return this.unit.query<Row>(text, values);
  }

  /**
   * A read that is all this request asks of the database: its COMMIT goes out in the same packet, which saves a round
   * trip. A statement after it is refused. Inside a transaction that is already open it is an ordinary query.
   */
  queryOnce<Row extends object>(text: string, values?: unknown[]): Promise<Row[]> {
    return this.unit.queryOnce<Row>(text, values);
  }

  /**
   * Has `work` done once the transaction that is open here is committed: behind the answer, which it neither delays nor
   * changes, and never after a rollback. It belongs to the whole transaction, not to a savepoint, and runs outside the
   * request: its own statements need TenantTransactions.run(principal, ...). It is short, and kept in memory alone: what
   * must not be lost is a job. What it throws is logged and counted.
   * @throws NoTransactionError where none is open; TransactionClosedError where it is ending
   */
  afterCommit(work: Afterwards): void {
    this.unit.afterCommit(work);
  }

  /** Who is calling, as the database sees it now: newer than the token. @throws DomainError 401 when nobody is */
  async caller(): Promise<DatabaseContext> {
    const context = await this.unit.context();
    if (!context) throw notAuthenticated();
    return context;
  }

  /** Makes the unit of this request, once. Takes no connection. For the pipeline and TenantTransactions. */
  begin(): UnitOfWork {
    const { state } = this.context;
    if (state.unit) return state.unit as UnitOfWork;
    const unit = new UnitOfWork(this.source, state.principal ?? NO_SETTINGS, admitTo(state), (works) =>
      this.after.start(works),
    );
    state.unit = unit;
    return unit;
  }

  private get unit(): UnitOfWork {
    const unit = this.context.stateOrUndefined?.unit;
    if (!unit) throw new NoTransactionError();
    return unit as UnitOfWork;
  }
}

/** A dead context is refused, and so is one that lacks what the route demands: the database's word, not the token's. */
function admitTo(state: RequestState): Admit {
  return (context) => {
    if (!state.principal) return;
    if (typeof context === 'string') throw refusalOf(context, state.principal);
    if (state.principal.tenantId !== context.tenantId) throw tokenVoid();
    // who answers for a key may be somebody else since it was looked up
    if (state.principal.key) state.principal = { ...state.principal, userId: context.userId };
    const { permission } = state.demand;
    if (permission && !context.permissions.has(permission)) throw permissionMissing(permission);
  };
}

function refusalOf(reason: DeadReason, { key }: Principal): DomainError {
  if (reason === 'tenant_suspended') return tenantSuspended();
  if (reason === 'membership_suspended') {
    return membershipSuspended(key && 'The membership of whoever answers for this API key is suspended.');
  }
  if (reason === 'aal2_required') {
    return aal2Required('This tenant demands a second factor of its members. Give yours: POST /v1/auth/mfa/verify.');
  }
  return key ? apiKeyVoid() : sessionEnded();
}
