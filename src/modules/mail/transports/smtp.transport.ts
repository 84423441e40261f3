import { Logger } from '@nestjs/common';
import { createTransport, type SMTPPoolOptions, type SMTPPoolSentMessageInfo, type Transporter } from 'nodemailer';
import { type Config, ConfigError } from '../../../config/index.js';
import type { Letter } from '../mail.js';
import { type MailTransport, messageOf } from './transport.js';

/** Milliseconds. The worker's own limit on a whole mail stands above them. */
const TIMEOUTS = { dnsTimeout: 5_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * SMTP over a few kept connections. SMTP_URL is nodemailer's, user and password percent-encoded:
 *
 *     smtps://user:password@host:465                 TLS from the first byte
 *     smtp://user:password@host:587                  STARTTLS wherever the server offers it
 *     smtp://host:587?requireTLS=true                no mail without STARTTLS: somebody between could hide the offer
 *     smtp://host:25?tls.servername=mail.example     the name that the certificate must bear
 *     ...?connectionTimeout=5000&name=api.example    other options of nodemailer's SMTP connection
 *
 * Certificates are verified, by Node's roots and NODE_EXTRA_CA_CERTS. Production refuses tls.rejectUnauthorized=false.
 */
export class SmtpTransport implements MailTransport {
  private readonly pool: Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;
  private readonly from: string;

  /** @throws ConfigError for a URL that is none, or is unsafe in production */
  constructor(config: Config, connections: number) {
    const url = URL.parse(config.env.SMTP_URL ?? '');
    if (!url) throw new ConfigError('SMTP_URL is not a URL.'); // and not with the URL: it holds a password
    if (config.production) refuseUnsafe(url);
    for (const name of NOT_BY_URL) url.searchParams.delete(name);
    this.from = config.env.MAIL_FROM;
    this.pool = createTransport({
      ...TIMEOUTS,
      pool: true,
      maxConnections: connections,
      // once, for a kept connection that the server has closed meanwhile; beyond that the outbox tries again
      maxRequeues: 1,
      idleTimeout: 30_000,
      url: url.href,
    });
  }

  async send(letter: Letter, signal: AbortSignal): Promise<void> {
    await this.pool.sendMail({ ...messageOf(letter, this.from), signal });
  }

  close(): void {
    this.pool.close({ force: true });
  }
}

/** Would write mails to the log, or take the outbox's work. */
const NOT_BY_URL = ['logger', 'debug', 'transactionLog', 'pool', 'maxConnections', 'maxRequeues'];

function refuseUnsafe({ protocol, hostname, searchParams }: URL): void {
  if (searchParams.getAll('tls.rejectUnauthorized').includes('false'))
    throw new ConfigError('SMTP_URL must not switch off the check of certificates (tls.rejectUnauthorized=false).');
  if (protocol === 'smtps:' || searchParams.get('requireTLS') === 'true' || LOOPBACK.test(hostname)) return;
  new Logger('Mail').warn(
    'SMTP_URL lets mails go in the clear when the server offers no STARTTLS. Add ?requireTLS=true, or use smtps://.',
  );
}
