import { describe, expect, it, jest } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import { asAdmin, magicLink, mailLog, outboxOf, somebody, until, useMail } from '../support/mail-pod.js';

const { db } = useDatabase();
const bench = useMail(db);
const outbox = outboxOf(db);
const CANARY = 'canary-5d1f0b7c93e2';
const warnings = (): string[] => mailLog.filter((line) => line.startsWith('warn'));
const troubles = (): string[] => mailLog.filter((line) => line.startsWith('error'));
/** What a day of failures does to the mails that wait: the next attempt is the last. */
const lastAttempt = (): Promise<unknown> =>
  asAdmin(
    db,
    `update pgboss.job set retry_count = retry_limit - 1, started_on = now(), start_after = now() where name = 'mail'`,
  );

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
    expect(troubles()).toEqual([expect.stringContaining('mails do not go, and are tried again: ESOCKET')]);
    await bench.smtp.reopen();
    await outbox.makeDue();
    sender.outbox.nudge();
    await bench.smtp.waitForAll(3);
    for (const id of ids) await until(outbox.gone(id));
    expect(bench.smtp.mails).toHaveLength(3);
    await until(() => mailLog.some((line) => line.includes('mails do not go, and are tried again: over')));
    expect(troubles()).toHaveLength(1);
    expect(warnings()).toEqual([]);
  });

  it('the pause doubles from a minute up to an hour, by the clock of the database', async () => {
    bench.smtp.refuse(4);
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    // at least, and at most twice: so that not all of them come back in one moment
    for (const [attempt, least, most] of [
      [1, 60, 120],
      [2, 120, 240],
      [7, 3_600, 3_600],
      [29, 3_600, 3_600],
    ] as const) {
      if (attempt > 1) {
        await db.look('update auth.mail_outbox set last_error = null');
        await asAdmin(db, `update pgboss.job set retry_count = $1, start_after = now() where name = 'mail'`, [
          attempt - 2,
        ]);
        sender.outbox.nudge();
      }
      await until(outbox.tried(id, attempt));
      const { due = 0 } = (await outbox.row(id)) ?? {};
      expect(due).toBeGreaterThan(least - 10);
      expect(due).toBeLessThanOrEqual(most);
    }
    expect(bench.smtp.mails).toEqual([]);
  });

  it('and the least that the pauses can be is a day', async () => {
    const [queue] = await asAdmin<{ retry_limit: number; retry_delay: number; retry_delay_max: number }>(
      db,
      `select retry_limit, retry_delay, retry_delay_max from pgboss.queue where name = 'mail' and retry_backoff`,
    );
    const { retry_limit: times = 0, retry_delay: first = 0, retry_delay_max: most = 0 } = queue ?? {};
    const pauses = Array.from({ length: times }, (_, n) => Math.min(first * 2 ** n, most));
    const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3_600;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(25);
  });

  it('a mail that expires meanwhile is not kept longer', async () => {
    bench.smtp.refuse(2);
    const sender = await bench.pod();
    const [dead, alive] = [
      await sender.post(somebody(), magicLink(), { expiresInSeconds: 30 }),
      await sender.post(somebody(), magicLink(), { expiresInSeconds: 300 }),
    ];
    for (const id of [dead, alive]) await until(outbox.tried(id));
    await db.look(`update auth.mail_outbox set expires_at = expires_at - interval '31 seconds'`);
    await sender.sweeper.run();
    expect(await outbox.row(dead)).toBeUndefined();
    expect(await outbox.row(alive)).toMatchObject({ failed: false, erased: false });
    expect(warnings()).toEqual([`warn mail ${dead} (magic-link) is dropped: its link expired before it was out Mail`]);
  });

  it('a mail is given up after a day: emptied, and the log says which', async () => {
    const id = await bench.desk.post(somebody(), magicLink());
    await lastAttempt();
    bench.smtp.refuse(1);
    await bench.pod();
    await until(outbox.tried(id, 30));
    expect(await outbox.row(id)).toMatchObject({ failed: true, erased: true, last_error: 'EENVELOPE RCPT TO 450' });
    await until(() => warnings().length > 0);
    expect(warnings()).toEqual([`warn mail ${id} (magic-link) is given up at attempt 30: EENVELOPE RCPT TO 450 Mail`]);
  });

  it('one that the queue has lost is given up too, and none that waits there', async () => {
    const [lost, failed, waits] = [
      await bench.desk.post(somebody(), magicLink()),
      await bench.desk.post(somebody(), magicLink()),
      await bench.desk.post(somebody(), magicLink()),
    ];
    await asAdmin(db, 'delete from pgboss.job where id = $1', [lost]);
    await asAdmin(db, `update pgboss.job set state = 'failed' where id = $1`, [failed]); // killed at its last attempt
    await bench.desk.sweeper.run();
    for (const id of [lost, failed])
      expect(await outbox.row(id)).toMatchObject({ failed: true, erased: true, last_error: 'lost' });
    expect(await outbox.row(waits)).toMatchObject({ failed: false, erased: false });
    expect(warnings().sort()).toEqual(
      [lost, failed]
        .sort()
        .map((id) => `warn mail ${id} (magic-link) is given up: it is not in the queue any more Mail`),
    );
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
    await outbox.makeDue();
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
    await db.look('update auth.mail_outbox set last_error = null');
    await lastAttempt();
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
