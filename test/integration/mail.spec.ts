import { describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { Queues } from '../../src/modules/jobs/index.js';
import { PlatformTasks } from '../../src/modules/jobs/platform/platform-tasks.js';
import { Outbox } from '../../src/modules/mail/index.js';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { linkWith, magicLink, mailLog, mailRing, outboxOf, somebody, until, useMail } from '../support/mail-pod.js';

const { db } = useDatabase();
const bench = useMail(db);
const outbox = outboxOf(db);
const { empty } = outbox;

const rows = <Row extends object>(columns: string): Promise<Row[]> =>
  db.look<Row>(`select ${columns} from auth.mail_outbox order by id`);
const to = (address: string) => (mail: { to: string[] }) => mail.to.includes(address);

describe('a mail', () => {
  it('leaves after the commit, as text and as HTML, and leaves no row', async () => {
    const [first, marker] = [somebody(), somebody()];
    const sender = await bench.pod();
    await sender.auth.transaction(async (tx) => {
      await sender.outbox.enqueue(tx, first, magicLink('early'), { expiresInSeconds: 600 });
      await sender.post(marker, magicLink());
      await bench.smtp.waitFor(to(marker)); // whoever sends committed mails has been here
      expect(bench.smtp.mails.filter(to(first))).toEqual([]);
    });
    sender.outbox.nudge();
    const mail = await bench.smtp.waitFor(to(first));
    expect(mail).toMatchObject({ envelopeTo: [first], to: [first], from: 'no-reply@ringfence.example' });
    expect(mail).toMatchObject({ subject: 'Your link to sign in', links: [linkWith('early')] });
    expect(mail.text).toContain('within\n10 minutes');
    expect(mail.html).toContain(`<a href="${linkWith('early').replace('=', '&#x3D;')}"`);
    expect(mail.headers['auto-submitted']).toBe('auto-generated');
    expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@ringfence\.example>$/);
    await until(empty);
  });

  it('is never sent after a rollback', async () => {
    const sender = await bench.pod();
    const [never, marker] = [somebody(), somebody()];
    const failing = sender.auth.transaction(async (tx) => {
      await sender.outbox.enqueue(tx, never, magicLink());
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await sender.post(marker, magicLink());
    await bench.smtp.waitFor(to(marker));
    await until(empty);
    expect(bench.smtp.mails.map((mail) => mail.to)).toEqual([[marker]]);
  });

  it.each(['a nudge alone', 'the poll alone'])('is found by %s', async (by) => {
    const { handle } = Queues.prototype;
    const rarely = jest.spyOn(Queues.prototype, 'handle').mockImplementation(function (this: Queues, options, handler) {
      handle.call(this, by === 'a nudge alone' ? { ...options, pollSeconds: 3_600 } : options, handler);
    });
    const { outbox } = await bench.pod();
    rarely.mockRestore();
    const address = somebody();
    await bench.desk.post(address, magicLink());
    if (by === 'a nudge alone') outbox.nudge();
    await bench.smtp.waitFor(to(address));
  });

  it('that is not meant is the same work and no row', async () => {
    const asked: [string, unknown[]][][] = [];
    for (const when of [true, false]) {
      await bench.desk.auth.transaction(async (tx) => {
        const calls: [string, unknown[]][] = [];
        const query: typeof tx.query = (text, values = []) => {
          calls.push([text, values]);
          return tx.query(text, values);
        };
        await bench.desk.outbox.enqueue({ query }, 'same@example.com', magicLink(), { when });
        asked.push(calls);
      });
    }
    const [meant, not] = asked.map((calls) => calls.map(([text, values]) => [text, values.length, String(values[3]).length])); // prettier-ignore
    expect(not).toEqual(meant);
    expect(await rows('recipient')).toEqual([{ recipient: 'same@example.com' }]);
  });

  it('goes once, however many processes send', async () => {
    const addresses = Array.from({ length: 30 }, somebody);
    const release = bench.smtp.hold();
    await bench.desk.auth.transaction(async (tx) => {
      for (const address of addresses) await bench.desk.outbox.enqueue(tx, address, magicLink());
    });
    const one = await bench.pod();
    await bench.smtp.waitForAll(5); // one has its hands full, and has heard of none of them
    const two = await bench.pod();
    await bench.smtp.waitForAll(10);
    for (const { outbox } of [one, two]) outbox.nudge();
    release();
    await bench.smtp.waitForAll(30);
    await until(empty);
    expect(bench.smtp.mails.map((mail) => mail.to[0]).sort()).toEqual(addresses.sort());
  });

  it('whose link has expired is dropped, and the log says which', async () => {
    const [late, marker] = [somebody(), somebody()];
    const id = await bench.desk.post(late, magicLink('dead'), { expiresInSeconds: 600 });
    const [row] = await rows<{ left: number }>('extract(epoch from expires_at - now())::float8 as left');
    expect(row?.left).toBeGreaterThan(590);
    expect(row?.left).toBeLessThanOrEqual(600);
    await db.look('update auth.mail_outbox set expires_at = now()');
    await bench.desk.post(marker, magicLink());
    await bench.pod();
    await bench.smtp.waitFor(to(marker));
    await until(empty);
    expect(bench.smtp.mails.map((mail) => mail.to)).toEqual([[marker]]);
    const said = (): string[] => mailLog.filter((line) => line.includes(id));
    await until(() => said().length > 0);
    expect(said()).toEqual([expect.stringMatching(/^warn mail .* \(magic-link\) is dropped/)]);
    expect(mailLog.join()).not.toContain(late);
  });

  it('is nowhere readable in the table, and goes to whom it was written, whatever the table says', async () => {
    const [address, evil] = [somebody(), 'evil@example.net'];
    const canary = 'canary-9f2d7c41e6b85a30';
    const id = await bench.desk.post(address, magicLink(canary));
    const [row] = await rows<{ all: string; sealed: string }>('mail_outbox::text as all, values_encrypted as sealed');
    for (const part of [canary, 'token=', Buffer.from(canary).toString('hex'), Buffer.from(canary).toString('base64')])
      expect(row?.all).not.toContain(part);
    expect(mailRing.decrypt(row?.sealed ?? '', `mail:${id}`)).toContain(canary);
    await db.look('update auth.mail_outbox set recipient = $1', [evil]);
    const other = await bench.desk.post(evil, magicLink());
    await db.look(
      'update auth.mail_outbox m set values_encrypted = o.values_encrypted from auth.mail_outbox o where m.id = $1 and o.id = $2',
      [other, id],
    );
    await bench.pod();
    await bench.smtp.waitFor(to(address));
    await until(async () => (await rows<{ error: string }>('last_error as error'))[0]?.error === 'KeyRingError');
    expect(bench.smtp.mails.map((mail) => mail.envelopeTo)).toEqual([[address]]);
  });

  it.each([
    'a@example.com\r\nBcc: evil@example.net',
    'a@example.com\nx',
    'a@example.com, evil@example.net',
    'a b@c.example',
    '@',
    '',
    'a@b@c.example',
    'a@b.example\u0007',
  ])('is for one address: not for %j', async (address) => {
    // prettier-ignore
    await expect(bench.desk.post(address, magicLink())).rejects.toThrow('mail_outbox_recipient_check');
    await bench.desk.auth.transaction(async (tx) => {
      await bench.desk.outbox.enqueue(tx, address, magicLink(), { when: false });
    });
    expect(await empty()).toBe(true);
  });

  it('whose address comes past the table cannot write a header or name a second recipient', async () => {
    const owner = await db.as('owner');
    await owner.query('alter table auth.mail_outbox drop constraint mail_outbox_recipient_check');
    const evil = 'a@example.com\r\nBcc: evil@example.net';
    await bench.desk.post(evil, magicLink());
    await bench.pod();
    await until(async () => (await rows<{ error: string }>('last_error as error'))[0]?.error === 'NoAddressError');
    expect(bench.smtp.mails).toEqual([]);
    await db.look('delete from auth.mail_outbox');
    const check = "length(recipient) <= 320 and recipient ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'";
    await owner.query(`alter table auth.mail_outbox add constraint mail_outbox_recipient_check check (${check})`);
    await owner.end();
  });

  it('is for the role that signs people in alone, who may not say to whom it goes', async () => {
    const [app, auth] = [await db.as('app'), await db.as('auth')];
    await expect(app.query('select from auth.mail_outbox')).rejects.toThrow('permission denied');
    for (const column of ['recipient', 'template', 'id', 'created_at', 'expires_at'])
      await expect(auth.query(`update auth.mail_outbox set ${column} = null`)).rejects.toThrow('permission denied');
    await expect(auth.query('truncate auth.mail_outbox')).rejects.toThrow('permission denied');
  });
});

describe('a process', () => {
  it('of the whole application sends', async () => {
    const { nest } = await startApp(db, { SMTP_URL: bench.smtp.url, MAIL_FROM: 'Acme <hello@acme.example>' });
    expect(nest.get(PlatformTasks, { strict: false }).names).toContain('mail.sweep');
    const mails = nest.get(Outbox, { strict: false });
    const address = somebody();
    await bench.desk.auth.transaction((tx) => mails.enqueue(tx, address, magicLink('whole')));
    mails.nudge();
    expect(await bench.smtp.waitFor(to(address))).toMatchObject({
      from: 'hello@acme.example',
      links: [linkWith('whole')],
    });
    await until(empty);
    await nest.close();
  });

  it('in tests without SMTP keeps mails where they are', async () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await bench.desk.post(somebody(), magicLink());
    expect(bench.desk.queues['handled'].size).toBe(0);
    expect(await rows('last_error')).toEqual([{ last_error: null }]);
    expect(written).not.toHaveBeenCalled();
  });

  it('in development without SMTP writes files that are its own, and prints the links', async () => {
    const home = await mkdtemp(join(tmpdir(), 'ringfence-mail-'));
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const said = (): string => written.mock.calls.map(([text]) => String(text)).join('');
    await bench.pod({ SMTP_URL: '', NODE_ENV: 'development', RINGFENCE_HOME: join(home, 'home') });
    const address = '../odd/name+tag@example.com';
    await bench.desk.post(address, magicLink('print-me'));
    await until(empty);
    const printed = said().split('\n');
    written.mockRestore();
    expect(printed).toContain(linkWith('print-me'));
    const folder = join(home, 'home', 'mail');
    const [file = '', ...more] = await readdir(folder);
    expect(more).toEqual([]);
    expect(file).toMatch(/^\d{4}-\d\d-\d\dT[\d.-]+Z-magic-link-\.\._odd_name\+tag@example\.com\.eml$/);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    const mail = await PostalMime.parse(await readFile(join(folder, file)));
    expect(mail).toMatchObject({ subject: 'Your link to sign in', to: [{ address: '"../odd/name+tag"@example.com' }] });
    expect(mail.text).toContain(linkWith('print-me'));
    expect(mail.html).toContain('Sign in');
    await rm(home, { recursive: true });
  });

  it('that stops lets the mail under way arrive, and claims no other', async () => {
    const release = bench.smtp.hold();
    const sender = await bench.pod();
    const first = somebody();
    await sender.post(first, magicLink());
    await bench.smtp.waitFor(to(first));
    const closing = sender.close();
    const id = await bench.desk.post(somebody(), magicLink());
    sender.outbox.nudge();
    release();
    await closing;
    expect(await rows('id')).toEqual([{ id }]);
    expect(await outbox.row(id)).toMatchObject({ state: 'created', attempts: 0 });
  });
});
