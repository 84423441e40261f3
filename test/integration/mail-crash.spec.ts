import { describe, expect, it } from '@jest/globals';
import { useDatabase } from '../support/database.js';
import { magicLink, mailLog, outboxOf, somebody, until, useMail } from '../support/mail-pod.js';

const { db } = useDatabase();
const bench = useMail(db);
const outbox = outboxOf(db);
const warnings = (): string[] => mailLog.filter((line) => line.startsWith('warn'));

describe('a process that dies between the sending and the deleting', () => {
  it('has its mail sent again by another, under the same Message-ID', async () => {
    const owner = await db.as('owner');
    await owner.query('revoke delete on auth.mail_outbox from ringfence_auth');
    const dying = await bench.pod();
    const address = somebody();
    const id = await dying.post(address, magicLink());
    await bench.smtp.waitForAll(1);
    await until(() => warnings().length > 0);
    await dying.close();
    expect(await outbox.row(id)).toMatchObject({ attempts: 1, failed: false, erased: false });
    await owner.query('grant delete on auth.mail_outbox to ringfence_auth');
    await owner.end();
    const next = await bench.pod();
    const marker = await next.post(somebody(), magicLink());
    await until(outbox.gone(marker));
    expect(bench.smtp.mails).toHaveLength(2); // the lease keeps the other away while it lasts
    await outbox.makeDue();
    next.outbox.nudge();
    await until(outbox.gone(id));
    const twice = bench.smtp.mails.filter((mail) => mail.to.includes(address));
    expect(twice.map(({ messageId }) => messageId)).toEqual(Array(2).fill(`<${id}@ringfence.example>`));
  });

  it('and one that merely lost its database for a moment does not send it again', async () => {
    const owner = await db.as('owner');
    await owner.query('revoke delete on auth.mail_outbox from ringfence_auth');
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    await bench.smtp.waitForAll(1);
    await until(() => warnings().length > 0);
    await outbox.makeDue();
    await owner.query('grant delete on auth.mail_outbox to ringfence_auth');
    await owner.end();
    sender.outbox.nudge();
    await until(outbox.gone(id));
    expect(bench.smtp.mails).toHaveLength(1);
  });
});

describe('a process', () => {
  it('whose database is down says so once, and once that it is back', async () => {
    const owner = await db.as('owner');
    const sender = await bench.pod();
    await owner.query('alter table auth.mail_outbox rename to gone');
    for (let n = 0; n < 10; n += 1) {
      sender.outbox.nudge();
      await sender.worker['looking'];
    }
    const about = (): string[] => mailLog.filter((line) => line.includes('the outbox does not answer'));
    expect(about()).toEqual([expect.stringMatching(/^warn .*mails wait: relation "auth.mail_outbox" does not exist/)]);
    await owner.query('alter table auth.gone rename to mail_outbox');
    await owner.end();
    const id = await sender.post(somebody(), magicLink());
    await until(outbox.gone(id));
    await until(() => about().length > 1);
    expect(about()).toEqual([expect.stringMatching(/^warn/), expect.stringMatching(/^log .*: over/)]);
  });

  it('that stops does not wait for a server that never answers', async () => {
    const release = bench.smtp.hold();
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    await bench.smtp.waitForAll(1);
    await sender.close(); // five seconds
    expect(await outbox.row(id)).toMatchObject({ failed: false, erased: false, last_error: 'EABORT' });
    release();
  });
});
