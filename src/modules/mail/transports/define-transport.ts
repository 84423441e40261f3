import { type Config, ConfigError } from '../../../config/index.js';
import type { MailTransport } from './transport.js';

/** @throws ConfigError for what is missing, or is unsafe in production */
export type TransportOpener = (config: Config) => MailTransport;

const transports = new Map<string, TransportOpener>();

/**
 * Makes a way out one that MAIL_TRANSPORT may name. Whoever adds one lists its file in transports/index.ts.
 * @throws Error for a name that is malformed or taken
 */
export function defineMailTransport(name: string, open: TransportOpener): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`mail transport ${name}: write it in lower case`);
  if (transports.has(name)) throw new Error(`mail transport ${name} is declared twice`);
  transports.set(name, open);
}

/**
 * What MAIL_TRANSPORT names; without it SMTP where SMTP_URL is set, else a folder. In tests without either there is no way
 * out: nobody works on the queue and mails stay in auth.mail_outbox, so that a test neither writes into the working copy nor
 * prints. @throws ConfigError where it names none that a loaded file declares; or as the transport says
 */
export function mailTransport(config: Config): MailTransport | undefined {
  const { MAIL_TRANSPORT, SMTP_URL, NODE_ENV } = config.env;
  if (!MAIL_TRANSPORT && !SMTP_URL && NODE_ENV === 'test') return undefined;
  const name = MAIL_TRANSPORT ?? (SMTP_URL ? 'smtp' : 'folder');
  const open = transports.get(name);
  if (open) return open(config);
  throw new ConfigError(`MAIL_TRANSPORT: there is no ${name}, only ${[...transports.keys()].join(', ')}`);
}
