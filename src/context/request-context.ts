import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ClsService } from 'nestjs-cls';

/** Authenticator assurance level (NIST SP 800-63B). */
export type Aal = 'aal1' | 'aal2';

/** Who the token says is calling. Hints, except `cap`: the database decides from that alone. */
export interface Principal {
  userId: string;
  sessionId: string;
  /** null: a session without a tenant */
  tenantId: string | null;
  /** absent when the token left them out because they were long */
  permissions: ReadonlySet<string> | undefined;
  aal: Aal;
  /** what the tenant demanded of its members when the token was made */
  minAal: Aal;
  /** seconds since the epoch */
  authTime: number;
  /** base64url of the SHA-256 of the compact token */
  cap: string;
  /** the token's payload as JSON, as the database receives it */
  claims: string;
  /** a background job acts, and not a session */
  job?: true;
  /** an API key acts, for its tenant and within the rights of whoever answers for it, and not a session */
  key?: {
    id: string;
    /** a limit of its own on requests a minute, instead of the common one */
    requestsPerMinute?: number;
  };
}

/** What the route demands of the database's own context, read when that context arrives. */
export interface Demand {
  permission?: string;
}

/** What the context knows of a request's transaction; `database` has the whole of it. */
export interface Unit {
  readonly ended: boolean;
  /** Never rejects; does nothing when the unit has ended. */
  rollback(reason?: Error): Promise<void>;
}

/** What keeps a repeat of the request away while it works without a transaction. */
export interface Lease {
  /** goes out with the first COMMIT that is not the request's last */
  readonly statement: { text: string; values: unknown[] };
  taken: boolean;
}

/** Where a request comes from, as the connection and the client say. */
export interface RequestOrigin {
  address: string;
  userAgent: string;
}

/** The mutable state of one request. */
export class RequestState {
  principal?: Principal;
  demand: Demand = {};
  unit?: Unit;
  /** where the request came with an Idempotency-Key */
  lease?: Lease;
  /** whether what this request does stands in the audit log, or will with its COMMIT */
  audited = false;
  /** whether its refusal is noted for the audit log */
  refused = false;
  /** the route that answers, once one is found */
  route?: ExecutionContext;
  constructor(
    /** echoed as X-Request-Id */
    readonly requestId: string,
    /** W3C trace id, 32 hex digits */
    readonly traceId: string,
    /** undefined where no client asked: jobs, scripts */
    readonly origin?: () => RequestOrigin,
  ) {}
}

const STATE = Symbol('ringfence.request');

export class NoRequestContextError extends Error {
  override name = 'NoRequestContextError';
  constructor(what: string) {
    super(
      `${what} was asked for outside a request. Ways out: call it from code that a request, a job or ` +
        `TenantTransactions.run(...) started; or pass the value as an argument.`,
    );
  }
}

/** Typed access to the request's continuation-local store. Throws when there is none; never falls back. */
@Injectable()
export class RequestContext {
  constructor(private readonly cls: ClsService) {}

  /** Binds the state to everything that `work` starts. */
  run<T>(state: RequestState, work: () => T): T {
    return this.cls.run({ ifNested: 'override' }, () => {
      this.cls.set(STATE, state);
      return work();
    });
  }

  /** Binds nothing to what `work` starts, for work that outlives the request. */
  outside<T>(work: () => T): T {
    return this.cls.exit(work);
  }

  get state(): RequestState {
    const state = this.stateOrUndefined;
    if (!state) throw new NoRequestContextError('The request context');
    return state;
  }

  get stateOrUndefined(): RequestState | undefined {
    return this.cls.isActive() ? this.cls.get<RequestState | undefined>(STATE) : undefined;
  }

  get principal(): Principal {
    const { principal } = this.state;
    if (!principal) throw new NoRequestContextError('The principal');
    return principal;
  }
}
