import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { jobVariables } from './job-variables.js';
import { storageFaults, storageVariables, unsafeStorage } from './storage-variables.js';
import { webhookVariables } from './webhook-variables.js';

const port = z.coerce.number().int().min(0).max(65_535);
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL');
/** What Express takes for a proxy. It would take a count of hops for an address that nobody has, and say nothing. */
const isNetwork = (text: string): boolean =>
  /^(loopback|linklocal|uniquelocal)$/.test(text) ||
  (/[.:]/.test(text) && ipaddr.isValid(text)) ||
  ipaddr.isValidCIDR(text);
/** As a browser spells it. An address is none: no passkey belongs to one. */
const isDomain = (text: string): boolean =>
  URL.parse(`https://${text}`)?.hostname === text && /^[\w.-]+$/.test(text) && !/(^|\.)\d+$/.test(text);
/** Compared with what a browser says, character by character, so it must be spelt as a browser spells it. */
const isOrigin = (text: string): boolean => {
  const { origin, protocol, hostname } = URL.parse(text) ?? {};
  if (origin !== text || !isDomain(hostname ?? '')) return false;
  return protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
};
const webOrigin = z.string().refine(isOrigin, {
  error: ({ input }) =>
    `"${String(input)}" must be https://domain or http://localhost, with :port unless it is the default, and no path`,
});

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
  /** of ringfence_service, which no fence binds: for the deployment that operators use. Without it there is no /v1/platform */
  SERVICE_DATABASE_URL: postgresUrl.optional(),
  APP_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(10),
  AUTH_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(3),
  /** how long a request waits for a free connection before it is answered 503, milliseconds */
  POOL_WAIT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  /** off behind a transaction-mode pooler that refuses start-up options */
  DATABASE_STARTUP_OPTIONS: z.stringbool().default(true),
  /** JSON file {"current": kid, "keys": {kid: base64 of 32 bytes}}; made at first start when the database is embedded */
  KEY_RING_FILE: z.string().optional(),
  ACCESS_TOKEN_TTL: z.coerce.number().int().min(10).max(600).default(600),
  /** a part of each API key, so that those of another environment are told apart. Default: live in production, else dev */
  API_KEY_ENVIRONMENT: z
    .string()
    .regex(/^[a-z0-9]{1,10}$/, 'must be 1 to 10 lower-case letters and digits')
    .optional(),
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
  /** live sessions a person may have; a new one ends the oldest beyond it */
  SESSION_LIMIT: z.coerce.number().int().min(1).max(1_000).default(100),
  /** password hashes computed at once, in a process that stands back from this one; each: a core for 20 ms, 19 MiB */
  PASSWORD_HASH_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(1),
  /** password hashes that may wait for one of these; beyond it sign-in answers 503 */
  PASSWORD_HASH_QUEUE: z.coerce.number().int().min(1).max(10_000).default(200),
  /** wrong guesses at one account (password, code) before it locks; each further lock lasts twice as long */
  GUESSES_PER_ACCOUNT: z.coerce.number().int().min(1).max(100).default(5),
  /** wrong guesses from one address (IPv6: its /64) before it locks; many people may share one */
  GUESSES_PER_ADDRESS: z.coerce.number().int().min(1).max(100_000).default(100),
  /** smtp, folder, or another that a file of ours declares (defineMailTransport). Default: smtp with SMTP_URL, else folder */
  MAIL_TRANSPORT: z.string().optional(),
  /** smtp:// or smtps:// URL; without it (not in production) mails are written to RINGFENCE_HOME/mail */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must be a smtp:// or smtps:// URL')
    .optional(),
  MAIL_FROM: z.string().default('Ringfence <no-reply@ringfence.example>'),
  /** where the links in mails lead; what follows the # is a token. Default: PUBLIC_URL */
  WEB_URL: z.url().optional(),
  /** relying party of passkeys: a domain, not an address. Default: PUBLIC_URL's host, localhost for a loopback address */
  WEBAUTHN_RP_ID: z
    .string()
    .refine(isDomain, 'must be a domain, such as example.com: no scheme, port or address')
    .optional(),
  /** origins of the pages that use passkeys, comma-separated. Default: PUBLIC_URL's (and localhost's, for a loopback address) */
  WEBAUTHN_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .pipe(z.array(webOrigin))
    .optional(),
  /** proxies whose X-Forwarded-For says where a request comes from: addresses, networks, or the three names; comma-separated */
  TRUST_PROXY: z
    .string()
    .default('')
    .refine((list) => list === '' || list.split(',').every((one) => isNetwork(one.trim())), {
      error: 'must list addresses, networks (10.0.0.0/8), loopback, linklocal or uniquelocal, separated by commas',
    }),
  /** requests a minute of one person, and of one API key that has no limit of its own; 0: no limit, as in the next two */
  RATE_LIMIT_PRINCIPAL: z.coerce.number().int().min(0).max(10_000_000).default(600),
  /** requests a minute of all people and keys of a tenant */
  RATE_LIMIT_TENANT: z.coerce.number().int().min(0).max(10_000_000).default(6_000),
  /** requests a minute from one address (IPv6: its /64) to public routes, and tokens or keys from it that are none */
  RATE_LIMIT_ADDRESS: z.coerce.number().int().min(0).max(10_000_000).default(120),
  /** how often the audit log's new entries are numbered, milliseconds; 0: another process does it */
  AUDIT_SEAL_INTERVAL_MS: z.coerce.number().int().min(0).max(60_000).default(1_000),
  /** directory that gets copies of the audit log's checkpoints, on a disk that the database's administrators cannot reach */
  AUDIT_CHECKPOINT_DIR: z.string().optional(),
  ...storageVariables,
  ...jobVariables,
  ...webhookVariables,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

/** Names of all of them. */
export const VARIABLES: readonly string[] = Object.keys(environment.shape);

/** The validated configuration. Injected by class; frozen. */
export class Config {
  readonly env: Readonly<z.infer<typeof environment>>;
  readonly #source: NodeJS.ProcessEnv;

  /** @param source where variables beside `env` are read from */
  constructor(env: z.infer<typeof environment>, source: NodeJS.ProcessEnv = {}) {
    this.env = Object.freeze(env);
    this.#source = source;
  }

  /** Variables of a part that is not always there, a driver for instance. @throws ConfigError naming every one that is wrong */
  own<Shape extends z.ZodRawShape>(shape: Shape): Readonly<z.infer<z.ZodObject<Shape>>> {
    return parse(z.object(shape), this.#source);
  }

  get home(): string {
    return resolve(this.env.RINGFENCE_HOME);
  }

  get production(): boolean {
    return this.env.NODE_ENV === 'production';
  }

  /** Whether this process works on jobs. In tests only where they ask for it. */
  get jobs(): 'inline' | 'off' {
    return this.env.JOBS ?? (this.env.NODE_ENV === 'test' ? 'off' : 'inline');
  }

  get apiKeyEnvironment(): string {
    return this.env.API_KEY_ENVIRONMENT ?? (this.production ? 'live' : 'dev');
  }

  get publicUrl(): string {
    return this.env.PUBLIC_URL ?? `http://127.0.0.1:${this.env.PORT}`;
  }

  /** Where the links in mails lead, without a slash at the end. */
  get webUrl(): string {
    return (this.env.WEB_URL ?? this.publicUrl).replace(/\/+$/, '');
  }

  /** Relying party and origins of WebAuthn (level 2, section 5.1.2). */
  get webAuthn(): { rpId: string; origins: string[] } {
    const { hostname, origin, port, protocol } = new URL(this.publicUrl);
    const loopback = /^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname); // no domain: a passkey cannot belong to it
    const local = `${protocol}//localhost${port ? `:${port}` : ''}`;
    return {
      rpId: this.env.WEBAUTHN_RP_ID ?? (loopback ? 'localhost' : hostname),
      origins: this.env.WEBAUTHN_ORIGINS ?? (loopback ? [origin, local] : [origin]),
    };
  }

  /** A copy with other values, for what is known only at start (the embedded server's port). */
  with(values: Partial<z.infer<typeof environment>>): Config {
    return new Config({ ...this.env, ...values }, this.#source);
  }
}

/**
 * @param beside where parts that are not always there find their own, if that is more than what is read here
 * @throws ConfigError naming every variable that is wrong, one a line
 */
export function loadConfig(source: NodeJS.ProcessEnv = process.env, beside = source): Config {
  const env = parse(environment, source);
  const unfit = storageFaults(env);
  if (unfit.length > 0) throw unusable(unfit);
  const config = new Config(env, beside);
  refuseForeignOrigins(config);
  refuseUnsafeProduction(config);
  return config;
}

/**
 * A browser refuses a relying party that is neither the page's host nor a domain above it, in words that reach no log of
 * ours (WebAuthn level 2, section 5.1.3). A name without a dot is above nothing. Which names with a dot are a registry's
 * (co.uk), a browser's list knows, and not we.
 */
function refuseForeignOrigins({ env, webAuthn: { rpId, origins } }: Config): void {
  if (!env.WEBAUTHN_RP_ID && !env.WEBAUTHN_ORIGINS) return;
  const foreign = origins.filter((origin) => {
    const host = URL.parse(origin)?.hostname;
    return host !== rpId && !(rpId.includes('.') && host?.endsWith(`.${rpId}`));
  });
  // of PUBLIC_URL's own, a loopback address is one beside localhost, and no passkey is used there
  if (foreign.length === 0 || (!env.WEBAUTHN_ORIGINS && foreign.length < origins.length)) return;
  const name = env.WEBAUTHN_RP_ID ? 'WEBAUTHN_RP_ID' : 'WEBAUTHN_RP_ID (not set, so the host of PUBLIC_URL)';
  throw unusable(foreign.map((origin) => `${name}: ${rpId} is neither the host of ${origin} nor a domain above it`));
}

/** A variable that is set to nothing is not set. */
function parse<Schema extends z.ZodObject>(schema: Schema, source: NodeJS.ProcessEnv): z.infer<Schema> {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(source).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  throw unusable(parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`));
}

const unusable = (faults: string[]): ConfigError =>
  new ConfigError(`The configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);

/** What is fine on a laptop and unsafe in production stops the start. */
function refuseUnsafeProduction(config: Config): void {
  if (!config.production) return;
  const { APP_DATABASE_URL, AUTH_DATABASE_URL, KEY_RING_FILE, PUBLIC_URL, SMTP_URL, MAIL_TRANSPORT } = config.env;
  const mail = MAIL_TRANSPORT ?? (SMTP_URL ? 'smtp' : 'folder');
  const faults = [
    !APP_DATABASE_URL && 'APP_DATABASE_URL is missing (the embedded database is for development)',
    !AUTH_DATABASE_URL && 'AUTH_DATABASE_URL is missing',
    !KEY_RING_FILE && 'KEY_RING_FILE is missing (generated keys are for development)',
    !PUBLIC_URL?.startsWith('https://') && 'PUBLIC_URL must be set and start with https://',
    mail === 'folder' && 'SMTP_URL is missing (mails in a folder are for development)',
    ...unsafeStorage(config.env),
  ].filter((fault) => typeof fault === 'string');
  if (faults.length > 0) throw new ConfigError(`Unsafe for NODE_ENV=production:\n  ${faults.join('\n  ')}`);
}

export class ConfigError extends Error {
  override name = 'ConfigError';
}
