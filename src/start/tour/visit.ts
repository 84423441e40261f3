import { type Deal, type Guest, guestOf } from './guest.js';
import type { Instance } from './instance.js';

/** What the steps share: the two owners, what each of them saw, and what must be put back at the end. */
export class Visit {
  readonly acme: Guest;
  readonly globex: Guest;
  acmeDeals: Deal[] = [];
  globexDeals: Deal[] = [];
  private readonly undo: (() => Promise<void>)[] = [];
  private ending?: Promise<void>;

  constructor(readonly instance: Instance) {
    this.acme = guestOf(instance.demo, 'acme', 'owner');
    this.globex = guestOf(instance.demo, 'globex', 'owner');
    this.atEnd(() => this.acme.signOut());
    this.atEnd(() => this.globex.signOut());
  }

  /** Something of the other side: what acme must never reach. @throws Error when globex has no deal */
  get target(): Deal {
    const [deal] = this.globexDeals;
    if (!deal) throw new Error('globex has no deal to reach for');
    return deal;
  }

  tenantId(slug: string): string {
    const tenant = this.instance.demo.tenants.find((one) => one.slug === slug);
    if (!tenant) throw new Error(`demo.json knows no tenant ${slug}`);
    return tenant.id;
  }

  /** Registers what puts something back. Runs at the end, newest first, however the tour ends. */
  atEnd(work: () => Promise<void>): void {
    this.undo.unshift(work);
  }

  /** Puts everything back, once. @returns what could not be put back */
  async end(): Promise<Error[]> {
    const faults: Error[] = [];
    this.ending ??= (async () => {
      for (const work of this.undo) await work().catch((error: Error) => void faults.push(error));
    })();
    await this.ending;
    return faults;
  }
}
