import { z } from 'zod';
import { type Config, ConfigError } from '../../src/config/index.js';
import { defineMailTransport, type Letter, MailFailure, type MailTransport } from '../../src/modules/mail/index.js';

const VARIABLES = { HTTP_MAIL_URL: z.url({ protocol: /^https?$/ }), HTTP_MAIL_TOKEN: z.string() };

/** Mails by way of a provider's HTTP interface: JSON, a bearer token, and a key by which a repeat is recognised. */
class HttpTransport implements MailTransport {
  constructor(
    private readonly from: string,
    private readonly url: string,
    private readonly token: string,
  ) {}

  async send({ id, to, subject, text, html }: Letter, signal: AbortSignal): Promise<void> {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json', 'Idempotency-Key': id },
      body: JSON.stringify({ from: this.from, to, subject, text, html }),
      redirect: 'error',
      signal,
    });
    await answer.body?.cancel();
    if (answer.ok) return;
    // the mail's own fault, for good; everything else is about the provider or our token, and waits until that is mended
    const own = answer.status === 400 || answer.status === 422;
    throw new MailFailure({ told: `HTTP ${answer.status}`, permanent: own, scope: own ? 'mail' : 'server' });
  }

  close(): void {
    // it keeps nothing open
  }
}

defineMailTransport('http', (config: Config) => {
  const { HTTP_MAIL_URL: url, HTTP_MAIL_TOKEN: token } = config.own(VARIABLES);
  if (config.production && !url.startsWith('https:')) throw new ConfigError('HTTP_MAIL_URL must start with https://');
  return new HttpTransport(config.env.MAIL_FROM, url, token);
});
