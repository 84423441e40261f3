import { Injectable } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';

const TIMEOUT_MS = 3_000;
const TRIES = 2;

/**
 * Addresses of names, by DNS alone. Not by the system's getaddrinfo: its calls share a few threads with all others of this
 * process and cannot be broken off, so that a name server that says nothing would hold up the database's and the mails', too.
 */
@Injectable()
export class Names {
  /** @returns both kinds; none for a name that there is not */
  async addressesOf(name: string, signal: AbortSignal): Promise<string[]> {
    signal.throwIfAborted();
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const kinds = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      signal.throwIfAborted();
      return kinds.flatMap((kind) => (kind.status === 'fulfilled' ? kind.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}
