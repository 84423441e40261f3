import { Logger } from '@nestjs/common';
import type { Config } from '../config/index.js';

const URLS = ['APP_DATABASE_URL', 'AUTH_DATABASE_URL', 'SERVICE_DATABASE_URL'] as const;
/** This machine, or a socket of it: a URL without a host. */
const HERE = /^(|localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * The database's URLs that lead to another machine without TLS, or without a look at its certificate: all but those with
 * `sslmode=verify-full`, which is libpq's word and read by pg from the URL.
 */
export const plainConnections = ({ env }: Pick<Config, 'env'>): string[] =>
  URLS.filter((name) => {
    const url = URL.parse(env[name] ?? '');
    return url !== null && !HERE.test(url.hostname) && url.searchParams.get('sslmode') !== 'verify-full';
  });

/** In production, and no more than a line: a service mesh or the network itself may encrypt what this process cannot see. */
export function warnOfPlainConnections(config: Config): void {
  const names = config.production ? plainConnections(config) : [];
  if (names.length === 0) return;
  new Logger('Database').warn(
    `${names.join(', ')}: what is asked of the database may go there in the clear, or to somebody else. Add ?sslmode=verify-full (docs/operations.md)`,
  );
}
