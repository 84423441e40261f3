import { describe, expect, it, jest } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import { magicLink, mailLog, outboxOf, somebody, until, useMail } from '../support/mail-pod.js';

const { db } = useDatabase();
const bench = useMail(db);
const outbox = outboxOf(db);
const CANARY = 'canary-5d1f0b7c93e2';
const warnings = (): string[] => mailLog.filter((line) => line.startsWith('warn'));

describe('while the SMTP server is down', () => {
  it('mails wait, the log says so once, and when it is back all of them go', async () => {
    const sender = await bench.pod();
    await bench.smtp.close();
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await sender.post(somebody(), magicLink()));
    for (const id of ids) await until(outbox.tried(id));
    for (const id of ids) {
      expect(await outbox.row(id)).toMatchObject({
        failed: false,
        erased: false,
        last_error: expect.stringMatching(/^ESOCKET CONN connect ECONNREFUSED 127\.0\.0\.1:\d+$/),
      });
    }
    expect(warnings()).toEqual([expect.stringContaining('mails do not go, and are tried again: ESOCKET')]);
    await bench.smtp.reopen();
    await outbox.makeDue();
    sender.outbox.nudge();
    await bench.smtp.waitForAll(3);
    for (const id of ids) await until(outbox.gone(id));
    expect(bench.smtp.mails).toHaveLength(3);
    await until(() => mailLog.some((line) => line.includes('mails do not go, and are tried again: over')));
    expect(warnings()).toHaveLength(1);
  });

  it('the pause doubles from a minute up to an hour, by the clock of the database', async () => {
    bench.smtp.refuse(4);
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    for (const [attempt, pause] of [
      [1, 60],
      [2, 120],
      [7, 3_600],
      [30, 3_600],
    ] as const) {
      if (attempt > 1) {
        await db.look('update auth.mail_outbox set attempts = $1, last_error = null, due_at = now()', [attempt - 1]);
        sender.outbox.nudge();
      }
      await until(outbox.tried(id, attempt));
      const { due = 0 } = (await outbox.row(id)) ?? {};
      expect(due).toBeGreaterThan(pause - 10);
      expect(due).toBeLessThanOrEqual(pause);
    }
    expect(bench.smtp.mails).toEqual([]);
  });

  it('a mail that expires sooner is not kept longer', async () => {
    bench.smtp.refuse(1);
    const id = await (await bench.pod()).post(somebody(), magicLink(), { expiresInSeconds: 30 });
    await until(outbox.tried(id));
    expect((await outbox.row(id))?.due).toBeLessThanOrEqual(30);
  });

  it('a mail is given up after a day: emptied, and the log says which', async () => {
    const id = await bench.desk.post(somebody(), magicLink());
    await db.look(`update auth.mail_outbox set created_at = now() - interval '24 hours', attempts = 28`);
    bench.smtp.refuse(1);
    await bench.pod();
    await until(outbox.tried(id, 29));
    expect(await outbox.row(id)).toMatchObject({ failed: true, erased: true, last_error: 'EENVELOPE RCPT TO 450' });
    await until(() => warnings().length > 0);
    expect(warnings()).toEqual([`warn mail ${id} (magic-link) is given up at attempt 29: EENVELOPE RCPT TO 450 Mail`]);
  });
});

describe('a mail that the server refuses', () => {
  it.each(['rcpt', 'data'] as const)('for ever, at %s, is given up at once and not tried again', async (at) => {
    bench.smtp.refuse(1, { at, code: 550, says: () => '5.1.1 unknown' });
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    await until(outbox.tried(id));
    const told = at === 'rcpt' ? 'EENVELOPE RCPT TO 550 5.1.1' : 'EMESSAGE DATA 550 5.1.1';
    expect(await outbox.row(id)).toMatchObject({ failed: true, erased: true, last_error: told });
    await until(() => warnings().length > 0);
    expect(warnings()).toEqual([`warn mail ${id} (magic-link) is given up at attempt 1: ${told} Mail`]);
    await db.look('update auth.mail_outbox set due_at = now()');
    const marker = await sender.post(somebody(), magicLink());
    await until(outbox.gone(marker));
    expect(bench.smtp.mails).toHaveLength(1);
    expect((await outbox.row(id))?.attempts).toBe(1);
  });

  it('for what we are and not for what it is waits until we are mended', async () => {
    bench.smtp.refuse(1, { at: 'from', code: 530 });
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    await until(outbox.tried(id));
    expect(await outbox.row(id)).toMatchObject({ failed: false, erased: false, last_error: 'EENVELOPE MAIL FROM 530' });
    await outbox.makeDue();
    sender.outbox.nudge();
    await until(outbox.gone(id));
    expect(bench.smtp.mails).toHaveLength(1);
  });

  it('and quotes is in no log and no column', async () => {
    const printed = (['log', 'info', 'debug', 'warn', 'error'] as const).map((name) =>
      jest.spyOn(console, name).mockReturnValue(undefined),
    );
    const streams = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write'));
    let quoted = '';
    bench.smtp.refuse(2, { at: 'data', code: 451, says: (raw) => (quoted = raw.replace(/=\r?\n|\s+/g, ' ')) });
    const address = somebody();
    const sender = await bench.pod({ SMTP_URL: `${bench.smtp.url}?logger=true&debug=true&transactionLog=true` });
    const id = await sender.post(address, magicLink(CANARY));
    await until(outbox.tried(id));
    await db.look(
      `update auth.mail_outbox set last_error = null, due_at = now(), created_at = now() - interval '2 days'`,
    );
    sender.outbox.nudge();
    await until(async () => (await outbox.row(id))?.failed === true);
    await until(() => mailLog.some((line) => line.includes('is given up')));
    expect(quoted.replaceAll(' ', '')).toContain(CANARY); // the server did say it
    const [row] = await db.look<{ all: string }>('select mail_outbox::text as all from auth.mail_outbox');
    const said = [...printed, ...streams].flatMap((spy) => spy.mock.calls.map((call) => call.map(String).join(' ')));
    for (const text of [row?.all ?? '', ...mailLog, ...said]) {
      expect(text).not.toContain(CANARY.slice(0, 16));
      if (text !== row?.all) expect(text).not.toContain(address);
    }
  });
});
