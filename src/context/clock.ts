import { Injectable } from '@nestjs/common';

/**
 * The time as this process knows it: for what is signed, and for codes that are computed from the time (RFC 6238). What
 * is stored expires by the database's clock. Tests inject one that they move.
 */
@Injectable()
export class Clock {
  /** milliseconds since the epoch */
  now(): number {
    return Date.now();
  }

  /** whole seconds since the epoch */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}
