import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { useDatabase } from '../support/database.js';
import { asAdmin, magicLink, mailKey, mailLog, outboxOf, somebody, until, useMail } from '../support/mail-pod.js';

const { db } = useDatabase();
const bench = useMail(db);
const outbox = outboxOf(db);
const about = (what: string): string[] => mailLog.filter((line) => line.includes(what));
const OUTAGE = 'the outbox does not answer';
const asOwner = (text: string): Promise<unknown> => asAdmin(db, `set role ringfence_owner; ${text}; reset role`);
const deletable = (may: boolean): Promise<unknown> =>
  asOwner(`${may ? 'grant' : 'revoke'} delete on auth.mail_outbox ${may ? 'to' : 'from'} ringfence_auth`);

describe('a process that dies between the sending and the deleting', () => {
  it('has its mail sent again by another, under the same Message-ID', async () => {
    await deletable(false);
    const dying = await bench.pod();
    const address = somebody();
    const id = await dying.post(address, magicLink());
    await bench.smtp.waitForAll(1);
    await until(() => about(OUTAGE).length > 0);
    const next = await bench.pod();
    const marker = await next.post(somebody(), magicLink());
    await bench.smtp.waitForAll(2);
    expect(await outbox.row(id)).toMatchObject({ state: 'active', attempts: 1 }); // the other may not have it meanwhile
    await dying.close();
    expect(await outbox.row(id)).toMatchObject({ state: 'retry', attempts: 1, failed: false, erased: false });
    await deletable(true);
    await until(outbox.gone(marker));
    expect(bench.smtp.mails).toHaveLength(2); // the pause keeps the other away while it lasts
    await outbox.makeDue();
    next.outbox.nudge();
    await until(outbox.gone(id));
    const twice = bench.smtp.mails.filter((mail) => mail.to.includes(address));
    expect(twice.map(({ messageId }) => messageId)).toEqual(Array(2).fill(`<${id}@ringfence.example>`));
  });

  it('and one that merely lost its database for a moment does not send it again', async () => {
    await deletable(false);
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    await bench.smtp.waitForAll(1);
    await until(() => about(OUTAGE).length > 0);
    await deletable(true);
    await until(outbox.gone(id));
    expect(bench.smtp.mails).toHaveLength(1);
  });

  it('nor when the queue hands it out once more, because that took too long', async () => {
    await deletable(false);
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    await bench.smtp.waitForAll(1);
    await until(() => about(OUTAGE).length > 0);
    await asAdmin(db, `update pgboss.job set state = 'created' where name = 'mail'`);
    sender.outbox.nudge();
    await until(async () => (await outbox.row(id))?.attempts === 2);
    await deletable(true);
    await until(outbox.gone(id));
    expect(bench.smtp.mails).toHaveLength(1);
  });
});

describe('a process that is killed', () => {
  let child: ChildProcess;

  beforeAll(async () => {
    const { app: APP_DATABASE_URL, auth: AUTH_DATABASE_URL } = db.connections;
    child = spawn(process.execPath, ['--import', './test/support/ts-hooks.mjs', 'test/support/mail-process.ts'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'test',
        JOBS: 'inline',
        ...{ APP_DATABASE_URL, AUTH_DATABASE_URL },
        SMTP_URL: bench.smtp.url,
        MAIL_KEY: mailKey.toString('hex'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout as NodeJS.ReadableStream, 'data');
  });
  afterAll(() => void child.kill('SIGKILL'));

  it('in the middle of a mail leaves it to another, once its time is over', async () => {
    bench.smtp.hold();
    const address = somebody();
    const id = await bench.desk.post(address, magicLink());
    await bench.smtp.waitForAll(1); // and the server has not said so
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await outbox.row(id)).toMatchObject({ state: 'active', attempts: 1, failed: false, erased: false });
    bench.smtp.reset();
    const next = await bench.pod();
    await asAdmin(db, `update pgboss.job set started_on = started_on - interval '121 seconds' where name = 'mail'`);
    await asAdmin(db, 'update pgboss.queue set monitor_on = null, monitor_claim_on = null');
    await next.queues['boss']?.supervise('mail');
    expect(await outbox.row(id)).toMatchObject({ state: 'retry' });
    await outbox.makeDue();
    next.outbox.nudge();
    await until(outbox.gone(id));
    expect(bench.smtp.mails).toMatchObject([{ to: [address], messageId: `<${id}@ringfence.example>` }]);
  });
});

describe('a process', () => {
  it('whose outbox is down says so once, and once that it is back', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await bench.desk.post(somebody(), magicLink()));
    await asOwner('alter table auth.mail_outbox rename to gone');
    const sender = await bench.pod();
    const tried = `select from pgboss.job where name = 'mail' and state = 'retry'`;
    await until(async () => (await asAdmin(db, tried)).length === 5);
    expect(about(OUTAGE)).toEqual([
      expect.stringMatching(/^error .*mails wait: relation "auth.mail_outbox" does not exist/),
    ]);
    await asOwner('alter table auth.gone rename to mail_outbox');
    await outbox.makeDue();
    sender.outbox.nudge();
    for (const id of ids) await until(outbox.gone(id));
    await until(() => about(OUTAGE).length > 1);
    expect(about(OUTAGE)).toEqual([expect.stringMatching(/^error/), expect.stringMatching(/^log .*: over/)]);
  });

  it('that stops does not wait for a server that never answers', async () => {
    const release = bench.smtp.hold();
    const sender = await bench.pod();
    const id = await sender.post(somebody(), magicLink());
    await bench.smtp.waitForAll(1);
    await sender.close(); // five seconds
    expect(await outbox.row(id)).toMatchObject({ state: 'retry', failed: false, erased: false, last_error: 'EABORT' });
    release();
  });
});
