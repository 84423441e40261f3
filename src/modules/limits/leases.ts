/** Points of one caller's window, asked of the store that all processes share. */
export interface Wish {
  key: Buffer;
  wanted: number;
  atMost: number;
}

export interface Lease {
  /** 0: the window has no more */
  granted: number;
  /** what nobody had taken after this */
  remaining: number;
  /** by this process' clock, milliseconds: never later than the store's own end */
  endsAt: number;
}

/** What the store answers of one key; `endsIn` is milliseconds. */
export type Granted = Omit<Lease, 'endsAt'> & { key: Buffer; endsIn: number };

/** Takes the points in one statement; keys differ. */
export type LeaseStore = (wishes: readonly Wish[]) => Promise<readonly Granted[]>;

interface Waiting extends Wish {
  resolve: (lease: Lease) => void;
  reject: (error: Error) => void;
}

const AT_ONCE = 500;
/** How long nobody asks again after the store did not answer, milliseconds. */
const QUIET_MS = 5_000;

export class NoLeaseError extends Error {
  override name = 'NoLeaseError';
}

/**
 * The trips to the store: one under way at a time, and all that is asked for meanwhile goes with the next, so that however
 * many callers come at once, one connection is enough. A store that fails is left alone for five seconds.
 */
export class Leases {
  private waiting: Waiting[] = [];
  private underWay = false;
  private quietUntil = -Infinity;

  constructor(
    private readonly store: LeaseStore,
    private readonly now: () => number,
    /** told of each trip: why it failed, or nothing */
    private readonly told: (failure?: Error) => void = () => undefined,
  ) {}

  /** Whether the store failed a moment ago, so that asking is of no use. */
  get resting(): boolean {
    return this.now() < this.quietUntil;
  }

  /** @throws NoLeaseError when the store does not answer */
  take(wish: Wish): Promise<Lease> {
    return new Promise((resolve, reject) => {
      if (this.resting) return reject(new NoLeaseError('the store failed a moment ago'));
      this.waiting.push({ ...wish, resolve, reject });
      if (this.underWay) return;
      this.underWay = true;
      queueMicrotask(() => void this.run()); // what is asked for in the same breath goes along
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, AT_ONCE);
      try {
        await this.trip(batch);
        this.told();
      } catch (error) {
        this.quietUntil = this.now() + QUIET_MS;
        for (const { reject } of [...batch, ...this.waiting.splice(0)]) reject(new NoLeaseError('the store failed'));
        this.told(error as Error);
      }
    }
    this.underWay = false;
  }

  private async trip(batch: readonly Waiting[]): Promise<void> {
    const asked = this.now();
    const granted = await this.store(batch);
    const byKey = new Map(granted.map((lease) => [lease.key.toString('latin1'), lease]));
    for (const { key, resolve, reject } of batch) {
      const lease = byKey.get(key.toString('latin1'));
      if (!lease) reject(new NoLeaseError('the store forgot a key'));
      else resolve({ granted: lease.granted, remaining: lease.remaining, endsAt: asked + lease.endsIn });
    }
  }
}
