import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyRing } from '../../src/config/index.js';
import { invitationHash } from '../../src/modules/identity/index.js';
import { Letters } from '../../src/modules/mail/index.js';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';

interface Ran {
  code: number;
  out: string;
  err: string;
}

const { db } = useDatabase();
const { a, b } = db.world;
const ID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}';
let folder: string;
let file: string;
let app: TestApp;
let env: NodeJS.ProcessEnv;

async function run(args: string[], more: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { env: { ...env, ...more }, out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) }; // prettier-ignore
  return { code: await runCli(args, COMMANDS, terminal), out: out.join('\n'), err: err.join('\n') };
}

/** What the command line left of an action in the audit logs: whose logs, and about whom. */
const entriesOf = async (action: string): Promise<unknown[]> =>
  (await db.look<{ log: string; about: string }>(
    `select tenant_id as log, coalesce(target_id::text, details ->> 'userId') as about
       from app.audit_log where action = $1 and actor_type = 'command_line' and actor_id is null order by tenant_id`,
    [action],
  )).map(({ log, about }) => [log, about]); // prettier-ignore
const INSTALLATION = '00000000-0000-0000-0000-000000000000';

/** The lines that are records, which a program reads. */
const recordsIn = ({ out }: Ran): unknown[] =>
  out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as unknown); // prettier-ignore

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence tenants '));
  file = join(folder, 'ring.json');
  app = await startApp(db);
  env = {
    KEY_RING_FILE: file,
    SERVICE_DATABASE_URL: db.connections.service,
    RINGFENCE_HOME: join(folder, 'none'),
    WEB_URL: 'https://crm.example/',
  };
  await run(['keys', 'init', file]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('tenant create', () => {
  const args = ['tenant', 'create', 'pied-piper', '--name', 'Pied Piper', '--admin-email', 'Richard@PiedPiper.example'];

  it('makes the tenant and seals the invitation with the ring that the servers read', async () => {
    const ran = await run(args);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const id = new RegExp(`^pied-piper is made \\((${ID})\\)\\.$`, 'm').exec(ran.out)?.[1];
    expect(ran.out).toContain('richard@piedpiper.example is invited');
    expect(recordsIn(ran)).toEqual([{ action: 'platform.tenant_provisioned', operatorId: null, tenantId: id }]);
    expect(await entriesOf('platform.tenant_provisioned')).toEqual([[INSTALLATION, id], [id, id]]); // prettier-ignore
    expect(
      await db.look(
        `select t.name, t.status, r.is_root, i.email, i.invited_by from app.tenants t
           join app.invitations i on i.tenant_id = t.id join app.roles r on r.tenant_id = t.id and r.id = i.role_id where t.id = $1`,
        [id],
      ),
    ).toEqual([{ name: 'Pied Piper', status: 'active', is_root: true, email: 'richard@piedpiper.example', invited_by: null }]); // prettier-ignore
    const [mail] = await db.look<{ id: string; sealed: string }>(
      `select id, values_encrypted as sealed from auth.mail_outbox where recipient = 'richard@piedpiper.example'`,
    );
    const { text, to } = new Letters(await KeyRing.load(file)).open(mail!.id, mail!.sealed);
    expect(to).toBe('richard@piedpiper.example');
    const link = /https:\/\/crm\.example\/account\/invitation#token=([\w-]{43})/.exec(text);
    const hash = invitationHash(await KeyRing.load(file), link?.[1] ?? '');
    expect(await db.look('select token_hash from app.invitations where tenant_id = $1', [id])).toEqual([
      { token_hash: hash },
    ]);
    expect(ran.out).not.toContain(link?.[1] ?? 'no link');
  });

  it('a second time says that it is there, and makes nothing', async () => {
    const before = await db.look('select from app.tenants');
    expect(await run(args)).toEqual({ code: 1, out: '', err: 'There is a tenant pied-piper already.' });
    expect(await db.look('select from app.tenants')).toHaveLength(before.length);
    expect(await db.look(`select from auth.mail_outbox where template = 'invitation'`)).toHaveLength(1);
  });

  it.each<[string[], RegExp]>([
    [['Up', '--name', 'X', '--admin-email', 'x@y.example'], /slug is 2 to 40/],
    [['a', '--name', 'X', '--admin-email', 'x@y.example'], /slug is 2 to 40/],
    [['up', '--admin-email', 'x@y.example'], /--name/],
    [['up', '--name', ' ', '--admin-email', 'x@y.example'], /--name/],
    [['up', '--name', 'X'], /--admin-email is missing/],
    [['up', '--name', 'X', '--admin-email', 'nobody'], /"nobody" is no e-mail address/],
    [['--name', 'X', '--admin-email', 'x@y.example'], /<slug> is missing/],
  ])('asked wrongly, %j, ends with 2 and makes nothing', async (words, message) => {
    expect(await run(['tenant', 'create', ...words])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) });
    expect(await db.look(`select from app.tenants where name in ('X', ' ')`)).toEqual([]);
  }); // prettier-ignore

  it('without the key ring makes nothing: the mail could not be opened', async () => {
    const ran = await run(['tenant', 'create', 'ringless', '--name', 'X', '--admin-email', 'x@y.example'], {
      KEY_RING_FILE: join(folder, 'gone.json'),
    });
    expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/KEY_RING_FILE/)]);
    expect(await db.look(`select from app.tenants where slug = 'ringless'`)).toEqual([]);
  });
});

describe('tenant invite-owner', () => {
  const args = (slug: string, email: string) => ['tenant', 'invite-owner', slug, '--admin-email', email];
  const pending = (slug: string) =>
    db.look(
      `select i.email, i.invited_by, r.is_root from app.tenants t join app.invitations i on i.tenant_id = t.id
         join app.roles r on r.tenant_id = t.id and r.id = i.role_id where t.slug = $1`,
      [slug],
    );

  it('invites somebody else, in the place of who was invited, by a mail that the servers can open', async () => {
    const ran = await run(args('pied-piper', 'Dinesh@PiedPiper.example'));
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toContain('dinesh@piedpiper.example is invited');
    expect(recordsIn(ran)).toEqual([
      { action: 'platform.owner_invited', operatorId: null, tenantId: expect.stringMatching(ID) },
    ]);
    expect(await pending('pied-piper')).toEqual([
      { email: 'dinesh@piedpiper.example', invited_by: null, is_root: true },
    ]);
    const [mail] = await db.look<{ id: string; sealed: string }>(
      `select id, values_encrypted as sealed from auth.mail_outbox where recipient = 'dinesh@piedpiper.example'`,
    );
    const { text } = new Letters(await KeyRing.load(file)).open(mail!.id, mail!.sealed);
    const link = /https:\/\/crm\.example\/account\/invitation#token=([\w-]{43})/.exec(text);
    expect(text).toContain('Pied Piper');
    expect(ran.out).not.toContain(link?.[1] ?? 'no link');
  });

  it.each<[string[], number, RegExp]>([
    [args('nowhere', 'x@y.example'), 1, /no tenant nowhere/],
    [args('alpha', 'x@y.example'), 1, /^alpha has an owner/],
    [args('alpha', 'nobody'), 2, /"nobody" is no e-mail address/],
    [['tenant', 'invite-owner', 'alpha'], 2, /--admin-email is missing/],
    [['tenant', 'invite-owner', '--admin-email', 'x@y.example'], 2, /<slug> is missing/],
  ])('%j ends with %i and says why', async (words, code, message) => {
    expect(await run(words)).toEqual({ code, out: '', err: expect.stringMatching(message) });
    expect(await db.look(`select from auth.mail_outbox where recipient = 'x@y.example'`)).toEqual([]);
  });
});

describe('tenant list, suspend and resume', () => {
  it('lists all of them, newest first', async () => {
    const ran = await run(['tenant', 'list']);
    expect(recordsIn(ran)).toEqual([{ action: 'platform.tenants_listed', operatorId: null }]);
    const lines = ran.out.split('\n').filter((line) => !line.startsWith('{'));
    expect([ran.code, lines.length]).toEqual([0, 3]);
    expect(lines[0]).toMatch(new RegExp(`^pied-piper +active +0 members +20\\d\\d-\\S+Z  ${ID}  Pied Piper$`));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['pied-piper', 'beta', 'alpha']);
  });

  it('refuses everybody in it at once, and lets them go on', async () => {
    const { accessToken: token } = await grantTo(app, db, a.users.owner.id);
    const other = (await grantTo(app, db, b.users.owner.id)).accessToken;
    const suspended = await run(['tenant', 'suspend', 'alpha']);
    expect([suspended.code, suspended.out]).toEqual([0, expect.stringMatching(/^alpha is suspended\. Every session/m)]);
    expect(recordsIn(suspended)).toEqual([{ action: 'platform.tenant_suspended', operatorId: null, tenantId: a.id }]);
    expect(await entriesOf('platform.tenant_suspended')).toEqual([[INSTALLATION, a.id], [a.id, a.id]]); // prettier-ignore
    expectProblem(await app.call('GET', '/v1/deals', { token }), 403, 'tenant_suspended');
    expect((await app.call('GET', '/v1/deals', { token: other })).status).toBe(200);
    expect((await run(['tenant', 'suspend', 'alpha'])).out).toMatch(/alpha is suspended already\./);
    expect((await run(['tenant', 'list'])).out).toMatch(/^alpha +suspended /m);
    expect((await run(['tenant', 'resume', 'alpha'])).out).toMatch(/alpha is active again\./);
    expect((await run(['tenant', 'resume', 'alpha'])).out).toMatch(/alpha is active already\./);
    expect((await app.call('GET', '/v1/deals', { token })).status).toBe(200);
  });

  it('says so when there is no such tenant', async () => {
    for (const verb of ['suspend', 'resume']) {
      expect(await run(['tenant', verb, 'nowhere'])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/no tenant nowhere/) }); // prettier-ignore
    }
  });
});

describe('operator add and remove', () => {
  const PATH = '/v1/platform/tenants';

  it('makes an account, prints the link that sets its password, and that way leads to the platform', async () => {
    const ran = await run(['operator', 'add', 'Ops@Example.com']);
    expect([ran.code, ran.out]).toEqual([0, expect.stringMatching(/^ops@example\.com is an operator\.$/m)]);
    const secret = /https:\/\/crm\.example\/account\/password-reset#token=([\w-]{43})/.exec(ran.out)?.[1];
    const [user] = await db.look<{ id: string }>(
      `select u.id, u.password_hash from auth.users u join auth.operators o on o.user_id = u.id where u.email = 'ops@example.com'`,
    );
    expect(user).toMatchObject({ password_hash: null });
    expect(recordsIn(ran)).toEqual([{ action: 'platform.operator_added', operatorId: null, userId: user?.id }]);
    expect(await entriesOf('platform.operator_added')).toEqual([[INSTALLATION, user?.id]]);
    const password = 'a lantern above the quiet harbour';
    const reset = { body: { token: secret, password } };
    expect((await app.call('POST', '/v1/auth/password/reset', reset)).status).toBe(204);
    expect((await app.call('POST', '/v1/auth/password/reset', reset)).status).toBe(401);
    const { status, body } = await app.call('POST', '/v1/auth/login', { body: { email: 'ops@example.com', password } });
    expect([status, body.tenant]).toEqual([200, null]);
    expectProblem(await app.call('GET', PATH, { token: body.accessToken }), 403, 'aal2_required');
    const { accessToken } = await grantTo(app, db, user?.id ?? '', { aal: 2 });
    expect((await app.call('GET', PATH, { token: accessToken })).status).toBe(200);
  });

  it('again before the password is set prints a new link, and the old one is dead', async () => {
    const linkIn = ({ out }: Ran): string | undefined => /#token=([\w-]{43})/.exec(out)?.[1];
    const [first, second] = [await run(['operator', 'add', 'late@example.com']), await run(['operator', 'add', 'late@example.com'])]; // prettier-ignore
    expect(second.out).toMatch(/is an operator already\./);
    const reset = (token?: string) =>
      app.call('POST', '/v1/auth/password/reset', { body: { token, password: 'a lantern above the quiet harbour' } });
    expect([(await reset(linkIn(first))).status, (await reset(linkIn(second))).status]).toEqual([401, 204]);
  });

  it('takes somebody who is there, password and all, and lets them go at the next call', async () => {
    const { id, email } = await newcomer(db);
    const added = await run(['operator', 'add', email]);
    expect([added.code, added.out]).toEqual([0, expect.not.stringMatching(/#token=/)]);
    expect((await app.token(email)).length).toBeGreaterThan(0); // the password is what it was
    const { accessToken: token } = await grantTo(app, db, id, { aal: 2 });
    expect((await app.call('GET', PATH, { token })).status).toBe(200);
    const removed = await run(['operator', 'remove', email.toUpperCase()]);
    expect([removed.code, removed.out]).toEqual([0, expect.stringMatching(/no operator any more\. The account stays/)]);
    expect(recordsIn(removed)).toEqual([{ action: 'platform.operator_removed', operatorId: null, userId: id }]);
    expectProblem(await app.call('GET', PATH, { token }), 403, 'not_an_operator');
    expect((await app.call('GET', '/v1/auth/me', { token })).status).toBe(200);
    expect(await run(['operator', 'remove', email])).toMatchObject({ code: 1, err: `${email} is no operator.` });
  });

  it('does not wake an account that is disabled, nor take what is no address', async () => {
    const { id, email } = await newcomer(db);
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [id]);
    expect(await run(['operator', 'add', email])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/disabled/) }); // prettier-ignore
    expect(await db.look('select from auth.operators where user_id = $1', [id])).toEqual([]);
    for (const verb of ['add', 'remove']) expect((await run(['operator', verb, 'nobody'])).code).toBe(2);
  });
});

describe('all of them', () => {
  const NAMES = [
    'tenant create',
    'tenant invite-owner',
    'tenant list',
    'tenant suspend',
    'tenant resume',
    'operator add',
    'operator remove',
  ];

  it.each(NAMES)('%s has its help', async (name) => {
    const { code, out } = await run([...name.split(' '), '--help']);
    expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`Usage: npm run ringfence -- ${name}[^]*SERVICE_DATABASE_URL`))]); // prettier-ignore
  });

  it('say what to do where no URL is known, where it is another role’s, and where the schema is older', async () => {
    expect(await run(['tenant', 'list'], { SERVICE_DATABASE_URL: '' })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/SERVICE_DATABASE_URL is not set/),
    });
    const wrong = await run(['tenant', 'list'], { SERVICE_DATABASE_URL: db.connections.app });
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/ringfence_service/)]);
    const admin = await db.as('admin');
    await admin.query('alter function auth.enter_command_line() rename to gone');
    try {
      expect(await run(['tenant', 'list'])).toMatchObject({ code: 1, err: expect.stringMatching(/db migrate/) });
    } finally {
      await admin.query('alter function auth.gone() rename to enter_command_line');
    }
  });
});

describe('tenant quota', () => {
  const quota = (...more: string[]): Promise<Ran> => run(['tenant', 'quota', 'beta', ...more]);

  it('says how much room there is, changes it, and records the change', async () => {
    expect((await quota()).out).toContain('beta has room for 10 GiB of files, and uses 0 B.');
    expect((await quota('20GiB')).out).toContain('beta has room for 20 GiB');
    expect((await quota('1.5 mib')).out).toContain('beta has room for 1.5 MiB');
    expect((await quota('0')).out).toContain('beta has room for 0 B');
    expect(await entriesOf('platform.tenant_quota_changed')).toEqual(
      [INSTALLATION, b.id].flatMap((log) => Array.from({ length: 3 }, () => [log, b.id])),
    );
    expect(await db.look('select bytes_at_most as most from app.storage_usage where tenant_id = $1', [b.id])).toEqual([{ most: '0' }]); // prettier-ignore
  });

  it.each(['much', '1GB', '9PiBs', '99999999PiB', ''])('refuses "%s" for a size', async (size) => {
    expect(await quota(size)).toMatchObject({ code: 2, err: expect.stringContaining('is no size') });
  });
});
