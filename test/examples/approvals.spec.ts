import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ApprovalFeed, type Decided } from '../../examples/approvals/index.js';
import { acting, plantCapability } from '../support/acting.js';
import type { TestApp } from '../support/app.js';
import { watchLogs } from '../support/audit.js';
import { useDatabase } from '../support/database.js';
import { FileCalls, sha256Of } from '../support/file-calls.js';
import { grantTo } from '../support/grant.js';
import { makeDue, runDueJobs, withAdmin } from '../support/jobs.js';
import { operatorToken } from '../support/operators.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { Receiver } from '../support/receiver.js';
import { ALLOWED, verified, WebhookCalls } from '../support/webhooks.js';
import { allow, atBoot, diagnosis, migrate, startExamples } from './stage.js';

/* The examples of docs/guides/extending.md, in the real application on a real database. */

const { db } = useDatabase();
const { a, b } = db.world;
let app: TestApp;
let provider: Receiver;
let refusal: Error;
let member: string;
let admin: string;
let aal2: string;

beforeAll(async () => {
  await migrate(db);
  provider = await Receiver.start();
  const env = {
    ...ALLOWED,
    STORAGE_DRIVER: 'memory',
    MAIL_TRANSPORT: 'http',
    HTTP_MAIL_URL: provider.url,
    HTTP_MAIL_TOKEN: 'secret-of-the-provider',
  };
  refusal = (await atBoot(db).catch((error: unknown) => error)) as Error;
  allow();
  app = await startExamples(db, env);
  member = await app.token(a.users.member.email);
  admin = await app.token(a.users.admin.email);
  aal2 = (await grantTo(app, db, a.users.admin.id, { tenant: a.id, aal: 2 })).accessToken;
}, 60_000);
afterAll(() => provider.close());

const ASKED = { subject: 'Two laptops', amount: '900.00', currency: 'EUR' };
const ask = (token = member, more: object = {}) =>
  app.call('POST', '/v1/approvals', { token, body: { ...ASKED, ...more } });
const decide = (id: string, token = admin, verdict = 'granted') =>
  app.call('POST', `/v1/approvals/${id}/decide`, { token, body: { verdict } });
const asked = async (token = member, more: object = {}): Promise<string> => (await ask(token, more)).body.id;

describe('the doctor', () => {
  it('does not let a server with a table that is no tenant’s serve, until somebody has said why', async () => {
    expect(refusal.message).toMatch(
      /app\.approval_limits \(row level security is off\)[^]*app\.approval_limits \(it has no column tenant_id\)/,
    );
    expect(await atBoot(db)).toBeUndefined();
  });

  it('nor one with a table of tenants that nobody protected', async () => {
    const owner = await db.as('owner');
    await owner.query('create table app.forgotten (like app.approvals including defaults)');
    await expect(atBoot(db)).rejects.toThrow(/app\.forgotten \(row level security is off\)/);
    await owner.query('drop table app.forgotten');
  });

  it('shows what is meant with its reason, and finds nothing else', async () => {
    const { checks } = await diagnosis(db);
    const of = (status: string): string[] =>
      checks
        .filter((one) => one.status === status)
        .flatMap(({ id, findings }) => findings.map(({ object }) => `${id} ${object}`));
    expect(
      of('accepted')
        .filter((line) => /approval/.test(line))
        .sort(),
    ).toEqual([
      'policy-call-per-row app.approvals.large_needs_aal2',
      'rls-forced app.approval_limits',
      'tenant-column app.approval_limits',
    ]);
    // in a fork the migration is in the list, and `npm run schema:protections` has written it down
    expect(of('found').filter((line) => !/^drift .*approval/.test(line))).toEqual([]);
  });
});

describe('a permission', () => {
  it('is given to the standard roles from the one that it names up, and asked for by the route', async () => {
    const viewer = await app.token(a.users.viewer.email);
    expectProblem(await ask(viewer), 403, 'permission_missing');
    const id = await asked();
    expectProblem(await decide(id, member), 403, 'permission_missing');
    expect((await decide(id)).body).toMatchObject({ id, status: 'granted', askedBy: a.users.member.id });
  });

  it('is asked for by the table, whatever the route forgot', async () => {
    const id = await asked();
    const client = await db.as('app');
    const attempt = async (role: 'member' | 'admin', text: string, values: unknown[] = []) =>
      acting(client, (await plantCapability(db, a, a.users[role])).cap, async () => (await client.query(text, values)).rowCount); // prettier-ignore
    const update = `update app.approvals set status = 'granted', decided_by = app.user_id() where id = $1`;
    expect([await attempt('member', update, [id]), await attempt('admin', update, [id])]).toEqual([0, 1]);
    await expect(attempt('admin', `update app.approvals set asked_by = app.user_id()`)).rejects.toThrow(/permission denied/); // prettier-ignore
    await expect(attempt('admin', update.replace('app.user_id()', 'asked_by'), [id])).rejects.toThrow(/row-level security/); // prettier-ignore
  });
});

describe('a policy of one’s own', () => {
  it('lets nobody decide on what they asked for, and nobody decide twice', async () => {
    const own = await asked(admin);
    expectProblem(await decide(own, aal2), 403, 'approval_own');
    const id = await asked();
    await decide(id, admin, 'refused');
    expectProblem(await decide(id), 409, 'approval_decided');
  });

  it('asks for AAL2 above the limit', async () => {
    const id = await asked(member, { amount: '1000.01' });
    expectProblem(await decide(id), 403, 'aal2_required');
    expect((await decide(id, aal2)).status).toBe(200);
  });

  it('shows everybody what they asked for, deciders all, and another tenant nothing', async () => {
    const id = await asked();
    const colleague = await newcomer(db, [a, 'member']);
    const read = async (token: string) => (await app.call('GET', `/v1/approvals/${id}`, { token })).status;
    const others = await app.token(b.users.owner.email);
    const statuses = [member, admin, await app.token(colleague.email), others].map(read);
    expect(await Promise.all(statuses)).toEqual([200, 200, 404, 404]);
    expectProblem(await decide(id, others), 404, 'not_found');
    expectProblem(await decide(randomUUID(), others), 404, 'not_found');
  });
});

describe('an audit action', () => {
  it('stands in the log with what changed, once a request', async () => {
    const since = await watchLogs(db);
    const id = await asked();
    expectProblem(await decide(id, member), 403);
    await decide(id);
    const entries = (await since()).filter(({ target_id, outcome }) => target_id === id && outcome === 'success');
    expect(entries.map(({ action }) => action)).toEqual(['approval.asked', 'approval.decided']);
    expect(entries[1]?.changes).toMatchObject([
      { type: 'approval', before: { status: 'pending' }, after: { status: 'granted', decidedBy: a.users.admin.id } },
    ]);
  });
});

describe('a job', () => {
  it('is there with the request that put it off, and does its work as whoever asked', async () => {
    const id = await asked();
    const done = await asked();
    await decide(done);
    const since = await watchLogs(db);
    await makeDue(db);
    await runDueJobs(app);
    const reminded = (await since()).filter(({ action }) => action === 'approval.reminded');
    const about = reminded.map(({ target_id, actor_type, actor_id }) => [target_id, actor_type, actor_id]);
    expect(about).toContainEqual([id, 'job', a.users.member.id]);
    expect(about.map(([target]) => target)).not.toContain(done);
    const failed = await withAdmin(db, `select from app.jobs where kind = 'approval.remind' and status = 'dead'`);
    expect(failed).toEqual([]);
  });

  it('was never there where the request failed', async () => {
    const count = async () => (await withAdmin(db, `select from app.jobs where kind = 'approval.remind'`)).length;
    const before = await count();
    expectProblem(await ask(member, { currency: 'JPY' }), 409);
    expect(await count()).toBe(before);
  });
});

describe('a webhook event', () => {
  it('is told to whoever asked for it, and only that', async () => {
    const calls = new WebhookCalls({ app, db });
    const receiver = await Receiver.start();
    try {
      const made = await calls.make(a, receiver.url, ['approval.decided']);
      const id = await asked();
      await decide(id);
      await calls.run();
      expect(receiver.requests).toHaveLength(1);
      const told = verified(made.body.secret, receiver.requests[0]!);
      expect(told).toMatchObject({ type: 'approval.decided', data: { targetId: id, actorId: a.users.admin.id } });
      expectProblem(await calls.make(a, receiver.url, ['approval.reminded']), 400, 'event_type_unknown');
    } finally {
      await receiver.close();
    }
  });
});

describe('an event after commit', () => {
  it('comes for what is committed, and for nothing that was refused', async () => {
    const told: Decided[] = [];
    const arrived = Promise.withResolvers<undefined>();
    const heard = app.nest.get(ApprovalFeed, { strict: false }).decided.subscribe((one) => {
      told.push(one);
      arrived.resolve(undefined);
    });
    const owner = await db.as('owner');
    await owner.query(`
      create function app.refuse_commit() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$;
      create constraint trigger refused after update on app.approvals deferrable initially deferred
        for each row when (new.subject = 'refused at COMMIT') execute function app.refuse_commit()`);
    const [own, lost, id] = [await asked(admin), await asked(member, { subject: 'refused at COMMIT' }), await asked()];
    expect([(await decide(own)).status, (await decide(lost)).status]).toEqual([403, 500]);
    await decide(id);
    await arrived.promise;
    heard.unsubscribe();
    expect(told).toEqual([{ approvalId: id, verdict: 'granted' }]);
  });
});

describe('a table that is not a tenant’s, and a public route', () => {
  it('answers everybody the same, signed in or not', async () => {
    const [open, signedIn] = await Promise.all([
      app.call('GET', '/v1/approval-limits'),
      app.call('GET', '/v1/approval-limits', { token: member }),
    ]);
    expect(open.body).toEqual([
      { currency: 'EUR', amount: '1000.00' },
      { currency: 'USD', amount: '1100.00' },
    ]);
    expect([signedIn.status, signedIn.body]).toEqual([200, open.body]);
  });

  it('is read by the application, and written by it never', async () => {
    const client = await db.as('app');
    for (const text of [
      `update app.approval_limits set amount = 1`,
      `insert into app.approval_limits values ('GBP', 1)`,
    ])
      await expect(client.query(text)).rejects.toThrow(/permission denied/);
  });
});

describe('a read across tenants', () => {
  it('is an operator’s at AAL2, recorded, and nobody else’s', async () => {
    await asked(await app.token(b.users.member.email));
    const read = (token: string) => app.call('GET', '/v1/platform/waiting-approvals', { token });
    const since = await watchLogs(db);
    const { status, body } = await read(await operatorToken(app, db));
    expect([status, body]).toEqual([200, expect.arrayContaining([{ tenantId: b.id, waiting: 1 }])]);
    expect((await since()).map(({ action }) => action)).toContain('platform.waiting_approvals_read');
    expectProblem(await read(aal2), 403, 'not_an_operator');
    expectProblem(await read(await operatorToken(app, db, 1)), 403, 'aal2_required');
  });
});

describe('another store', () => {
  it('takes a file, gives it back, and refuses what its URL was not made for', async () => {
    const reach = (url: string): string => app.url + new URL(url).pathname + new URL(url).search;
    const files = new FileCalls({ app, reach } as never, await app.token(a.users.owner.email));
    const deal = a.deals['owner-public']!;
    const bytes = Buffer.from('Signed on Tuesday.');
    const id = await files.made(bytes, deal);
    const { url } = await files.download(id);
    const got = await fetch(url);
    expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes);
    expect((await fetch(url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status).toBe(403);
    const { body } = await files.announce(bytes, deal, { sha256: sha256Of(Buffer.from('another content')) });
    expect((await files.send(body.upload, bytes)).status).toBe(400);
  });
});

describe('another way for mails', () => {
  it('gives the provider what the outbox has, and keeps it while the provider refuses us', async () => {
    await db.look('delete from auth.mail_outbox');
    const waiting = async () => (await db.look('select from auth.mail_outbox')).length;
    provider.reset();
    provider.answer = (response) => void response.writeHead(401).end();
    await app.call('POST', '/v1/auth/magic-link', { body: { email: a.users.member.email } });
    await runDueJobs(app, ['mail']);
    expect(await waiting()).toBe(1);
    provider.answer = (response) => void response.writeHead(202).end();
    await makeDue(db);
    await runDueJobs(app, ['mail']);
    expect([provider.requests.length, await waiting()]).toEqual([2, 0]);
    const [first, last] = provider.requests.map(({ headers, body }) => ({ headers, mail: JSON.parse(body) }));
    expect(last).toMatchObject({ mail: { to: a.users.member.email }, headers: { authorization: 'Bearer secret-of-the-provider' } }); // prettier-ignore
    expect(last?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });
});
