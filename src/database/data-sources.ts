import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

/** An entity class. The application passes all of them, so that TypeORM's metadata is built once. */
export type EntityClass = new () => object;

export interface PoolSettings {
  url: string;
  size: number;
  /** how long a request waits for a free connection, milliseconds */
  waitMs: number;
  /** whether start-up options are sent; a transaction-mode pooler may refuse them */
  startupOptions: boolean;
  applicationName: string;
  /** how long the server may take to answer before its connection counts as broken, milliseconds. Default 20,000 */
  answerMs?: number;
}

/** Start-up options win over what ALTER ROLE set: injected SQL can change its own role's defaults, not these. */
const STARTUP = {
  app: '-c search_path=app,pg_temp -c TimeZone=UTC -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s -c transaction_timeout=30s',
  auth: '-c search_path=auth,app,pg_temp -c TimeZone=UTC -c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s -c transaction_timeout=15s',
};

/** Connections live ten minutes at most, so that whatever might stick to one does not stick for long. */
const MAX_LIFETIME_SECONDS = 600;

/**
 * Longer than statement_timeout: who hears nothing by then, will hear nothing. A server that vanishes without a word (a cut
 * cable, a failover that moves the address) would else hold every connection for as long as TCP tries, a quarter of an hour.
 */
const ANSWER_MS = 20_000;

/** The pool that requests use: pipelined, and never a named statement on it (see docs/adr/0003). */
export function appDataSource(settings: PoolSettings, entities: EntityClass[]): DataSource {
  return new DataSource(options(settings, STARTUP.app, { types }, entities));
}

/** The pool of sign-in. Small, apart from the requests' own. */
export function authDataSource(settings: PoolSettings): DataSource {
  return new DataSource(options(settings, STARTUP.auth, {}, []));
}

function options(
  settings: PoolSettings,
  startup: string,
  extra: Record<string, unknown>,
  entities: EntityClass[],
): DataSourceOptions {
  return {
    type: 'postgres',
    url: settings.url,
    schema: 'app',
    entities,
    poolSize: settings.size,
    connectTimeoutMS: settings.waitMs,
    applicationName: settings.applicationName,
    installExtensions: false,
    logging: false,
    synchronize: false,
    // An idle connection that breaks is replaced at its next use; there is nothing for anybody to do.
    poolErrorHandler: () => undefined,
    extra: {
      maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      pipeline: true, // a statement that is not answered in time ends its connection; without, that is handed out again
      query_timeout: settings.answerMs ?? ANSWER_MS,
      ...(settings.startupOptions ? { options: startup } : {}),
      ...extra,
    },
  };
}

const TIMESTAMPTZ = 1184;
const DATE = 1082;

type Parse = (oid: number, format?: 'text' | 'binary') => unknown;
const usual = pg.types.getTypeParser as Parse;

/**
 * Rows of hand-written statements carry times as the API does: parsing one into a Date only to print it again is waste. A
 * day stays the text that it is: as a Date it would be another one in some time zones.
 */
const types: { getTypeParser: Parse } = {
  getTypeParser: (oid, format) => {
    if (format === 'binary') return usual(oid, format);
    if (oid === DATE) return (text: string) => text;
    return oid === TIMESTAMPTZ ? toIsoTime : usual(oid, format);
  },
};

/** "2026-11-21 07:31:25.4951+00" to "2026-11-21T07:31:25.495Z" (RFC 3339, milliseconds, UTC). */
export function toIsoTime(text: string): string {
  if (text.length < 22 || text.length > 29 || !text.endsWith('+00')) return new Date(text).toISOString();
  const fraction = text.charAt(19) === '.' ? text.slice(20, -3).padEnd(3, '0').slice(0, 3) : '000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}
