import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { KeyRing } from '../../config/index.js';
import { networkOf } from '../../context/index.js';

/** What makes a request the same request. */
export interface Asked {
  /** as the route is declared: `/v1/deals/:id/transfer` */
  route: string;
  /** with its parameters and its query */
  url: string;
  /** the parsed body */
  body: unknown;
  key: string;
}

/** The keyed hashes of a request, one of each key of the ring; the first is stored, the others find what was stored before. */
export interface Marks {
  /** of route and Idempotency-Key */
  hashes: Buffer[];
  /** of all that was asked for */
  fingerprints: Buffer[];
}

/** Hashes requests (HMAC-SHA-256): a body may hold a password, which nobody shall guess from what is stored. */
@Injectable()
export class RequestMarks {
  private readonly keys: readonly Buffer[];

  constructor(ring: KeyRing) {
    this.keys = ring.deriveEach('idempotency');
  }

  of({ route, url, body, key }: Asked): Marks {
    const each = (what: string, parts: string[]): Buffer[] => {
      const text = JSON.stringify([what, 'POST', ...parts]);
      return this.keys.map((secret) => createHmac('sha256', secret).update(text).digest());
    };
    return { hashes: each('key', [route, key]), fingerprints: each('request', [url, sorted(body)]) };
  }

  /** Whose the keys of those are who are not signed in: of all behind one address, as a UUID of each key of the ring. */
  networksOf(address: string): string[] {
    const text = JSON.stringify(['network', networkOf(address)]);
    return this.keys.map((secret) => createHmac('sha256', secret).update(text).digest('hex').slice(0, 32));
  }
}

/** JSON whose members stand in one order, however they were sent. What is deeply nested has been refused by then. */
const sorted = (body: unknown): string =>
  JSON.stringify(body ?? null, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
