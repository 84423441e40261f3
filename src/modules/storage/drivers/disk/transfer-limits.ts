import { Injectable } from '@nestjs/common';
import { tooManyTransfers } from '../../storage.problems.js';

/** How long a transfer of the disk driver's may take, and how many there are at once in this process. Times in milliseconds. */
@Injectable()
export class TransferLimits {
  /** without a byte, in either direction */
  idle = 30_000;
  /** an upload ends with its URL; a download that began in time may go on for so long after it */
  downloadAfterExpiry = 600_000;
  uploadsOfTenant = 16;
  downloadsOfKey = 32;
  downloads = 512;
}

/** Transfers under way, by whose they are. */
export class UnderWay {
  private readonly counts = new Map<string, number>();

  /**
   * @param caps for each name that it counts under, how many there may be
   * @returns what ends it; a second call does nothing
   * @throws DomainError 429 with Retry-After
   */
  begin(caps: ReadonlyMap<string, number>): () => void {
    for (const [name, cap] of caps) if ((this.counts.get(name) ?? 0) >= cap) throw tooManyTransfers();
    for (const name of caps.keys()) this.add(name, 1);
    let over = false;
    return () => {
      if (!over) for (const name of caps.keys()) this.add(name, -1);
      over = true;
    };
  }

  has(name: string): boolean {
    return this.counts.has(name);
  }

  private add(name: string, by: 1 | -1): void {
    const count = (this.counts.get(name) ?? 0) + by;
    if (count > 0) this.counts.set(name, count);
    else this.counts.delete(name);
  }
}
