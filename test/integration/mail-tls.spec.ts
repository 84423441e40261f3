import { describe, expect, it, jest } from '@jest/globals';
import { loadConfig } from '../../src/config/index.js';
import { SmtpTransport } from '../../src/modules/mail/transports/smtp.transport.js';
import { useDatabase } from '../support/database.js';
import { magicLink, mailLog, outboxOf, somebody, until, useMail } from '../support/mail-pod.js';
import { startSmtp } from '../support/smtp.js';

const { db } = useDatabase();
const bench = useMail(db);
const outbox = outboxOf(db);
const warnings = (): string[] => mailLog.filter((line) => line.startsWith('warn'));

describe('TLS', () => {
  it('is used where it is offered, and the certificate is checked', async () => {
    const warned = jest.spyOn(console, 'error').mockReturnValue(undefined); // that the certificate is nobody's
    const secure = await startSmtp(db, { starttls: true });
    expect(warned).toHaveBeenCalledTimes(1);
    const checking = await bench.pod({ SMTP_URL: secure.url });
    const id = await checking.post(somebody(), magicLink());
    await until(outbox.tried(id));
    expect((await outbox.row(id))?.last_error).toMatch(/^ESOCKET CONN .*certificate/);
    expect(secure.mails).toEqual([]);
    await checking.close();
    await outbox.makeDue();
    const trusting = await bench.pod({ SMTP_URL: `${secure.url}?tls.rejectUnauthorized=false` });
    trusting.outbox.nudge();
    expect((await secure.waitForAll(1))[0]?.secure).toBe(true);
  });

  it('that is required keeps mails from going in the clear', async () => {
    const id = await (await bench.pod({ SMTP_URL: `${bench.smtp.url}?requireTLS=true` })).post(somebody(), magicLink());
    await until(outbox.tried(id));
    expect((await outbox.row(id))?.last_error).toMatch(/^ETLS /);
    expect(bench.smtp.mails).toEqual([]);
  });

  it('in production cannot be left unchecked, and is asked for', () => {
    const production = (url: string) => {
      const databases = { APP_DATABASE_URL: db.connections.app, AUTH_DATABASE_URL: db.connections.auth };
      const rest = { STORAGE_DIR: '/srv/files', KEY_RING_FILE: 'x', PUBLIC_URL: 'https://api.example' };
      return loadConfig({ NODE_ENV: 'production', ...databases, ...rest, SMTP_URL: url });
    };
    const unchecked = 'smtps://mail.example?tls.rejectUnauthorized=false';
    expect(() => new SmtpTransport(production(unchecked), 1)).toThrow('must not switch off');
    expect(() => new SmtpTransport(production('smtp://user:secret@:x'), 1)).toThrow(/^SMTP_URL is not a URL\.$/);
    for (const url of ['smtps://mail.example', 'smtp://mail.example?requireTLS=true', 'smtp://localhost:25'])
      new SmtpTransport(production(url), 1).close();
    expect(warnings()).toEqual([]);
    new SmtpTransport(production('smtp://mail.example:587'), 1).close();
    expect(warnings()).toEqual([expect.stringContaining('Add ?requireTLS=true')]);
  });
});
