import { Injectable, Logger } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Counter as Tally } from 'prom-client';
import { Config, KeyRing } from '../../config/index.js';
import { networkOf, type Principal } from '../../context/index.js';
import { LimitsDb } from '../../database/index.js';
import type { DomainError } from '../../errors/index.js';
import type { RouteLimit } from '../../route/index.js';
import { Trouble } from '../../upkeep/index.js';
import { Metrics } from '../metrics/index.js';
import { Counters, type Quota, type QuotaState, type Verdict, WINDOW_MS } from './counters.js';
import { type Granted, Leases, type Wish } from './leases.js';
import { rateLimited } from './limits.problems.js';
import { Turns } from './turns.js';

/** What the limits of single routes are given for: the defaults of the two variables that they follow. */
const DEFAULTS = { principal: 600, address: 120 } as const;
/** So many times as many expired tokens of one address as others: its browsers all wake up at once. */
const HONEST = 10;
/** Questions of one address that are under way at a time. */
const QUESTIONS = 2;
const WINDOW_SECONDS = WINDOW_MS / 1000;

const LEASE = 'select key, granted, remaining, ends_in from auth.lease_points($1, $2, $3)';

/** A route as the limits know it. */
export interface LimitedRoute {
  /** the same for each request to it */
  name: string;
  limit?: RouteLimit;
}

/** Who may ask how often, counted over all processes, and what the answers say of it. */
@Injectable()
export class RateLimits {
  private readonly logger = new Logger('RateLimits');
  private readonly trouble = new Trouble(
    this.logger,
    'the database does not count requests, so each process counts alone',
  );
  /** apart: addresses are anybody's, as many as they like, and must not push callers out */
  private readonly callers: Counters;
  private readonly addresses: Counters;
  private readonly questions = new Turns(QUESTIONS);
  private readonly refusals: Tally<'policy'>;

  constructor(
    private readonly config: Config,
    ring: KeyRing,
    private readonly db: LimitsDb,
    { registry }: Metrics,
  ) {
    const now = (): number => performance.now(); // a clock that is set back must not prolong a window
    const hashKey = ring.derive('rate-limit-keys');
    const keyOf = (subject: string): Buffer => createHmac('sha256', hashKey).update(subject).digest();
    const leases = new Leases(
      (wishes) => this.take(wishes),
      now,
      (failure) => this.tell(failure),
    );
    this.callers = new Counters(leases, keyOf, now);
    this.addresses = new Counters(leases, keyOf, now);
    this.refusals = new Tally({
      name: 'ringfence_rate_limited_total',
      help: 'Requests that were answered 429, by the limit that they met',
      labelNames: ['policy'],
      registers: [registry],
    });
  }

  /** Counts a request of somebody who is known. @param concernsTenant whether it counts for their tenant, too */
  byCaller(principal: Principal, concernsTenant: boolean, route: LimitedRoute): Verdict | Promise<Verdict> {
    const { RATE_LIMIT_PRINCIPAL, RATE_LIMIT_TENANT } = this.config.env;
    const { key, userId, tenantId } = principal;
    const who = key ? `key:${key.id}` : `user:${userId}`;
    const quotas = [
      this.ofRoute(route, who, RATE_LIMIT_PRINCIPAL / DEFAULTS.principal),
      quota('principal', who, key?.requestsPerMinute ?? RATE_LIMIT_PRINCIPAL),
      concernsTenant && tenantId !== null ? quota('tenant', `tenant:${tenantId}`, RATE_LIMIT_TENANT) : undefined,
    ].filter((one) => one !== undefined);
    return quotas.length === 0 ? { states: [] } : this.callers.consume(quotas);
  }

  /** Counts a request to a public route. One with a limit of its own has that in place of the common one. */
  byAddress(address: string, route: LimitedRoute): Verdict | Promise<Verdict> {
    const { RATE_LIMIT_ADDRESS } = this.config.env;
    const from = `address:${networkOf(address)}`;
    const own = this.ofRoute(route, from, RATE_LIMIT_ADDRESS / DEFAULTS.address);
    const counted = own ?? quota('address', from, RATE_LIMIT_ADDRESS);
    return counted ? this.addresses.consume([counted]) : { states: [] };
  }

  /**
   * Counts a credential that was refused without asking the database, such as a token that nobody signed: in this
   * process' memory. Never waits. @throws DomainError 429 when its address has sent too many within a minute
   * @param expired it was ours once, as honest clients send, too: ten times as many may be
   */
  failedAuthentication(address: string, expired = false): void {
    const failed = expired
      ? this.failures('expired', address, false, HONEST)
      : this.failures('garbage', address, false);
    const verdict = failed && this.addresses.consume([failed]);
    if (verdict && 'states' in verdict && verdict.refused) throw this.refusal(verdict.refused);
  }

  /**
   * Asks the database for a credential, and counts over all processes those that it does not know. Few questions of one
   * address are under way at a time, so that a burst is counted while it is asked. @throws DomainError 429 when too many
   * of its address were unknown
   */
  async tryCredential<T>(address: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    const failed = this.failures('unknown', address, true);
    if (!failed) return ask();
    return this.questions.take(failed.subject, async () => {
      const exhausted = this.addresses.exhausted(failed);
      if (exhausted) throw this.refusal(exhausted);
      const found = await ask();
      const { refused } = found === undefined ? await this.addresses.consume([failed]) : {};
      if (refused) throw this.refusal(refused);
      return found;
    });
  }

  /** What a refused request is answered with. */
  refusal({ policy, resetSeconds }: QuotaState): DomainError {
    this.refusals.inc({ policy });
    return rateLimited(policy, resetSeconds);
  }

  private failures(kind: string, address: string, shared: boolean, times = 1): Quota | undefined {
    const subject = `failed:${kind}:${networkOf(address)}`;
    return quota('address', subject, this.config.env.RATE_LIMIT_ADDRESS * times, shared);
  }

  private ofRoute({ name, limit }: LimitedRoute, who: string, scale: number): Quota | undefined {
    if (!limit || scale === 0) return undefined;
    return quota('route', `route:${name}:${who}`, Math.max(1, Math.round(limit.perMinute * scale)));
  }

  private async take(wishes: readonly Wish[]): Promise<Granted[]> {
    const rows = await this.db.query<{ key: Buffer; granted: number; remaining: number; ends_in: number }>(LEASE, [
      wishes.map(({ key }) => key),
      wishes.map(({ wanted }) => wanted),
      wishes.map(({ atMost }) => atMost),
    ]);
    return rows.map(({ ends_in, ...row }) => ({ ...row, endsIn: ends_in * 1000 }));
  }

  private tell(failure?: Error): void {
    if (failure) this.trouble.goesOn(failure.message);
    else this.trouble.isOver();
  }
}

/** undefined for a limit of 0, which is none. */
const quota = (policy: string, subject: string, atMost: number, shared = true): Quota | undefined =>
  atMost > 0 ? { policy, subject, atMost, shared } : undefined;

/**
 * What an answer says of the limits that were counted: `RateLimit-Policy` and `RateLimit`
 * (draft-ietf-httpapi-ratelimit-headers, the form with quoted policies).
 */
export function rateLimitHeaders(states: readonly QuotaState[]): Record<string, string> {
  if (states.length === 0) return {};
  return {
    'RateLimit-Policy': states.map(({ policy, atMost }) => `"${policy}";q=${atMost};w=${WINDOW_SECONDS}`).join(', '),
    RateLimit: states
      .map(({ policy, remaining, resetSeconds }) => `"${policy}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  };
}
