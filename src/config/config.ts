import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL');

/** Every variable the server reads, in one place. Durations are seconds unless a name says otherwise. */
const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  /** where partners reach the server; the issuer and audience of tokens */
  PUBLIC_URL: z.url().optional(),
  RINGFENCE_HOME: z.string().default('.ringfence'),
  /** an administrator's URL: says that the database is a server of one's own, not the embedded one */
  DATABASE_URL: postgresUrl.optional(),
  APP_DATABASE_URL: postgresUrl.optional(),
  AUTH_DATABASE_URL: postgresUrl.optional(),
  APP_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(10),
  AUTH_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(3),
  /** how long a request waits for a free connection before it is answered 503, milliseconds */
  POOL_WAIT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  /** off behind a transaction-mode pooler that refuses start-up options */
  DATABASE_STARTUP_OPTIONS: z.stringbool().default(true),
  /** JSON file {"current": kid, "keys": {kid: base64 of 32 bytes}}; made at first start when the database is embedded */
  KEY_RING_FILE: z.string().optional(),
  ACCESS_TOKEN_TTL: z.coerce.number().int().min(10).max(600).default(600),
  SESSION_TTL: z.coerce
    .number()
    .int()
    .min(60)
    .max(12 * 3600)
    .default(12 * 3600),
  SESSION_IDLE_TTL: z.coerce
    .number()
    .int()
    .min(60)
    .max(12 * 3600)
    .default(30 * 60),
  /** password hashes computed at once; each takes a core for about 20 ms and 19 MiB */
  PASSWORD_HASH_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(2),
  TRUST_PROXY: z.string().default(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

/** The validated configuration. Injected by class; frozen. */
export class Config {
  readonly env: Readonly<z.infer<typeof environment>>;
  constructor(env: z.infer<typeof environment>) {
    this.env = Object.freeze(env);
  }

  get home(): string {
    return resolve(this.env.RINGFENCE_HOME);
  }

  get production(): boolean {
    return this.env.NODE_ENV === 'production';
  }

  get publicUrl(): string {
    return this.env.PUBLIC_URL ?? `http://127.0.0.1:${this.env.PORT}`;
  }

  /** A copy with other values, for what is known only at start (the embedded server's port). */
  with(values: Partial<z.infer<typeof environment>>): Config {
    return new Config({ ...this.env, ...values });
  }
}

/** @throws ConfigError naming every variable that is wrong, one a line */
export function loadConfig(source: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration is not usable:\n${lines.join('\n')}`);
  }
  const config = new Config(parsed.data);
  refuseUnsafeProduction(config);
  return config;
}

/** What is fine on a laptop and unsafe in production stops the start. */
function refuseUnsafeProduction(config: Config): void {
  if (!config.production) return;
  const { APP_DATABASE_URL, AUTH_DATABASE_URL, KEY_RING_FILE, PUBLIC_URL } = config.env;
  const faults = [
    !APP_DATABASE_URL && 'APP_DATABASE_URL is missing (the embedded database is for development)',
    !AUTH_DATABASE_URL && 'AUTH_DATABASE_URL is missing',
    !KEY_RING_FILE && 'KEY_RING_FILE is missing (generated keys are for development)',
    !PUBLIC_URL?.startsWith('https://') && 'PUBLIC_URL must be set and start with https://',
  ].filter((fault) => typeof fault === 'string');
  if (faults.length > 0) throw new ConfigError(`Unsafe for NODE_ENV=production:\n  ${faults.join('\n  ')}`);
}

export class ConfigError extends Error {
  override name = 'ConfigError';
}
