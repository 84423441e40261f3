import type { Leases } from './leases.js';

/** How much of something one caller may have in a minute. */
export interface Quota {
  /** as the headers name it */
  policy: string;
  /** whom it counts; two quotas with one subject share a count */
  subject: string;
  /** requests a minute */
  atMost: number;
  /** false: this process counts for itself */
  shared: boolean;
}

export interface QuotaState {
  policy: string;
  atMost: number;
  /** an upper bound: other processes may have taken some since */
  remaining: number;
  /** seconds until it is whole again, rounded up */
  resetSeconds: number;
}

export interface Verdict {
  /** the quota that has no more; undefined: the request goes on */
  refused?: QuotaState;
  states: readonly QuotaState[];
}

export const WINDOW_MS = 60_000;
/** A window is leased in so many parts by a caller who uses all of it. */
const PARTS = 20;
/** Counters kept; the oldest goes, and is leased for anew if its caller comes back. */
const KEPT = 50_000;

/** One caller's window, as far as this process holds points of it. */
class Counter {
  /** points in hand */
  private left = 0;
  /** points that the store had left, when it was last asked */
  private beyond = 0;
  /** points given out here in this window */
  private spent = 0;
  private endsAt = -Infinity;
  leasing?: Promise<void>;

  constructor(public quota: Quota) {}

  isOver(now: number): boolean {
    return now >= this.endsAt;
  }

  isExhausted(now: number): boolean {
    return !this.isOver(now) && this.left === 0 && this.beyond === 0;
  }

  isDry(now: number): boolean {
    return this.isOver(now) || (this.left === 0 && this.beyond > 0);
  }

  spend(): void {
    this.left -= 1;
    this.spent += 1;
  }

  hold(granted: number, remaining: number, endsAt: number): void {
    if (this.endsAt < endsAt - WINDOW_MS / 2) this.spent = 0;
    [this.left, this.beyond, this.endsAt] = [granted, remaining, endsAt];
  }

  /** The whole quota, less what was given out: for what is not shared, and while the store does not answer. */
  holdAlone(now: number): void {
    if (this.isOver(now)) [this.spent, this.endsAt] = [0, now + WINDOW_MS];
    [this.left, this.beyond] = [Math.max(0, this.quota.atMost - this.spent), 0];
  }

  state(now: number): QuotaState {
    const { policy, atMost } = this.quota;
    const resetSeconds = Math.max(1, Math.ceil((this.endsAt - now) / 1000));
    return { policy, atMost, remaining: this.left + this.beyond, resetSeconds };
  }
}

/**
 * Counts requests in windows of a minute, from memory: points are leased from the store that all processes share, a
 * twentieth of the limit at a time, so that most requests wait for nothing. Leases never exceed the limit, and so neither
 * does what all processes let through in one window.
 */
export class Counters {
  private readonly counters = new Map<string, Counter>();
  private nextSweep = 0;

  constructor(
    private readonly leases: Leases,
    private readonly keyOf: (subject: string) => Buffer,
    private readonly now: () => number,
  ) {}

  /**
   * Takes a point of each quota; of none, once it is known that one of them has no more. The request that finds that out
   * keeps what it took of those before it. At once, unless the store has to be asked; does not reject.
   */
  consume(quotas: readonly Quota[]): Verdict | Promise<Verdict> {
    const now = this.now();
    const counters = quotas.map((quota) => this.counterOf(quota, now));
    const exhausted = counters.find((counter) => counter.isExhausted(now));
    if (exhausted) return this.verdict(counters, now, exhausted);
    const dry = counters.filter((counter) => counter.isDry(now) && !this.countsAlone(counter, now));
    if (dry.length > 0) {
      return Promise.all(dry.map((counter) => this.lease(counter))).then(() => this.consume(quotas));
    }
    for (const counter of counters) {
      if (counter.isExhausted(now)) return this.verdict(counters, now, counter);
      counter.spend();
    }
    return this.verdict(counters, now);
  }

  /** The state of a quota that has no more, as far as this process knows; takes nothing and asks nobody. */
  exhausted(quota: Quota): QuotaState | undefined {
    const now = this.now();
    const counter = this.counters.get(quota.subject);
    return counter?.isExhausted(now) ? counter.state(now) : undefined;
  }

  private verdict(counters: readonly Counter[], now: number, refused?: Counter): Verdict {
    const states = counters.filter((counter) => !counter.isOver(now)).map((counter) => counter.state(now));
    return { states, refused: refused?.state(now) };
  }

  /** Fills it without the store where that is right, and says whether it did. */
  private countsAlone(counter: Counter, now: number): boolean {
    const alone = !counter.quota.shared || this.leases.resting;
    if (alone) counter.holdAlone(now);
    return alone;
  }

  /** One trip for all who wait for points of the same caller. */
  private lease(counter: Counter): Promise<void> {
    counter.leasing ??= this.ask(counter).finally(() => (counter.leasing = undefined));
    return counter.leasing;
  }

  private async ask(counter: Counter): Promise<void> {
    const { subject, atMost } = counter.quota;
    const wanted = Math.max(1, Math.floor(atMost / PARTS));
    try {
      const { granted, remaining, endsAt } = await this.leases.take({ key: this.keyOf(subject), wanted, atMost });
      counter.hold(granted, remaining, endsAt);
    } catch {
      counter.holdAlone(this.now()); // said in the log by whoever made the trip
    }
  }

  private counterOf(quota: Quota, now: number): Counter {
    const known = this.counters.get(quota.subject);
    if (known) {
      known.quota = quota;
      return known;
    }
    this.makeRoom(now);
    const made = new Counter(quota);
    this.counters.set(quota.subject, made);
    return made;
  }

  /** Once a window those that are over go; beyond the bound, the oldest. One that is being leased for stays. */
  private makeRoom(now: number): void {
    if (now >= this.nextSweep) {
      this.nextSweep = now + WINDOW_MS;
      for (const [subject, counter] of this.counters) {
        if (counter.isOver(now) && !counter.leasing) this.counters.delete(subject);
      }
    }
    if (this.counters.size < KEPT) return;
    for (const [subject, { leasing }] of this.counters) {
      if (leasing) continue;
      this.counters.delete(subject);
      return;
    }
  }
}
