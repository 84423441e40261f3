import { beforeAll, describe, expect, it } from '@jest/globals';
import { Letters } from '../../src/modules/mail/index.js';
import { type Answer, startApp, testRing, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newOperator, operatorToken } from '../support/operators.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const { a } = db.world;
const PATH = '/v1/platform/tenants';
const NOWHERE = '01a1fd04-0000-7000-8000-000000000000';
let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startApp(db);
  token = await operatorToken(app, db);
});

const provision = (slug: string, adminEmail = `boss@${slug}.example`) =>
  app.call('POST', PATH, { token, body: { slug, name: `The ${slug}`, adminEmail } });
const invite = (id: string, adminEmail: string) =>
  app.call('POST', `${PATH}/${id}/invite-owner`, { token, body: { adminEmail } });

/** The tokens of the invitations that went to an address, oldest first. */
async function tokensTo(address: string): Promise<string[]> {
  const mails = await db.look<{ id: string; sealed: string }>(
    `select id, values_encrypted as sealed from auth.mail_outbox
      where template = 'invitation' and recipient = $1 order by created_at`,
    [address],
  );
  const texts = mails.map(({ id, sealed }) => new Letters(testRing).open(id, sealed).text);
  return texts.map((text) => /\/account\/invitation#token=([\w-]{43})/.exec(text)?.[1] ?? 'no token');
}

describe('an operator invites a first owner anew', () => {
  const preview = (secret: string): Promise<Answer> =>
    app.call('POST', '/v1/invitations/preview', { body: { token: secret } });
  const pending = (id: string) =>
    db.look<{ email: string }>('select email from app.invitations where tenant_id = $1 order by email', [id]);
  const lastTo = async (address: string): Promise<string> => (await tokensTo(address)).at(-1) ?? 'no mail';

  it('where the first invitation went astray: the new one counts, the old one is dead', async () => {
    const { body } = await provision('astray', 'bosss@astray.example');
    const old = await lastTo('bosss@astray.example');
    expect((await preview(old)).status).toBe(200);
    const { status, text } = await invite(body.id, 'Boss@ASTRAY.example');
    expect([status, text]).toEqual([204, '']);
    expect(await pending(body.id)).toEqual([{ email: 'boss@astray.example' }]);
    expectProblem(await preview(old), 404, 'invitation_invalid');
    const fresh = await lastTo('boss@astray.example');
    expect((await preview(fresh)).body).toMatchObject({ tenantName: 'The astray', roleName: 'Owner' });
    const password = 'a lantern above the quiet harbour';
    const entered = await app.call('POST', '/v1/invitations/accept', { body: { token: fresh, fullName: 'Boss', password } });
    expect([entered.status, (await app.call('GET', `${PATH}/${body.id}`, { token })).body.memberCount]).toEqual([200, 1]);
    expectProblem(await invite(body.id, 'other@astray.example'), 409, 'tenant_has_owner');
    expect(await tokensTo('other@astray.example')).toEqual([]);
  }); // prettier-ignore

  it('where it expired, to the same address: seven days from now', async () => {
    const { body } = await provision('late');
    await db.look(`update app.invitations set expires_at = now() - interval '1 second' where tenant_id = $1`, [
      body.id,
    ]);
    const old = await lastTo('boss@late.example');
    expect((await invite(body.id, 'boss@late.example')).status).toBe(204);
    expectProblem(await preview(old), 404, 'invitation_invalid');
    expect((await preview(await lastTo('boss@late.example'))).status).toBe(200);
    expect(
      await db.look(
        `select extract(day from expires_at - created_at)::int as days, invited_by from app.invitations where tenant_id = $1`,
        [body.id],
      ),
    ).toEqual([{ days: 7, invited_by: null }]);
  });

  it('at once with others: one invitation remains, and its mail is the one that counts', async () => {
    const { body } = await provision('crowded');
    const addresses = Array.from({ length: 6 }, (_, n) => `boss${n}@crowded.example`);
    const answers = await Promise.all(addresses.map((address) => invite(body.id, address)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const left = await pending(body.id);
    expect(left).toHaveLength(1);
    for (const address of addresses) {
      expect([address, (await preview(await lastTo(address))).status]).toEqual([
        address,
        address === left[0]?.email ? 200 : 404,
      ]);
    }
  });

  it('while another one is at it: the second waits, and takes the place of the first', async () => {
    const { body } = await provision('overlapped');
    const [one, two] = [await db.as('service'), await db.as('service')];
    const call = 'select app.invite_first_owner($1, $2, sha256(convert_to($2, $$UTF8$$)), uuidv7(), $$x$$)';
    for (const client of [one, two]) await client.query('begin; select auth.enter_command_line()');
    await one.query(call, [body.id, 'one@overlapped.example']);
    const waits = two.query(call, [body.id, 'two@overlapped.example']).then(() => two.query('commit'));
    const admin = await db.as('admin');
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await admin.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await one.query('commit');
    await waits;
    expect(await pending(body.id)).toEqual([{ email: 'two@overlapped.example' }]);
  });

  it('at once with somebody who accepts: there is an owner, or an invitation, never both', async () => {
    for (const round of Array.from({ length: 5 }, (_, n) => n)) {
      const { body } = await provision(`contested-${round}`);
      const auth = await db.as('auth');
      const [{ hash, id } = { hash: Buffer.alloc(0), id: '' }] = await db.look<{ hash: Buffer; id: string }>(
        `with u as (insert into auth.users (email) values ($2) returning id)
         select i.token_hash as hash, u.id from app.invitations i, u where i.tenant_id = $1`,
        [body.id, `boss@contested-${round}.example`],
      );
      const accept = auth.query(`select auth.accept_invitation($1, $2, 'Boss')`, [hash, id]).then(
        () => 'in',
        (error: { code: string }) => error.code,
      );
      const [accepted, { status }] = await Promise.all([accept, invite(body.id, 'second@contested.example')]);
      expect(accepted === 'in' ? [status, 'in'] : [status, accepted]).toEqual(
        accepted === 'in' ? [409, 'in'] : [204, 'RF020'],
      );
      expect(await pending(body.id)).toHaveLength(accepted === 'in' ? 0 : 1);
    }
  });

  it('leaves what members have invited, and refuses an address that is theirs or invited by them', async () => {
    const { body } = await provision('headless');
    const [admin, disabled] = [await newOperator(db), await newOperator(db)];
    await db.look(
      `insert into app.memberships (tenant_id, user_id, role_id)
         select r.tenant_id, u, r.id from app.roles r, unnest($2::uuid[]) u where r.tenant_id = $1 and r.slug = 'admin'`,
      [body.id, [admin.id, disabled.id]],
    );
    const plant = (email: string, by: string) =>
      db.look(
        `insert into app.invitations (tenant_id, email, role_id, invited_by, token_hash)
           select r.tenant_id, $2, r.id, $3, sha256(convert_to($2, 'UTF8')) from app.roles r where r.tenant_id = $1 and r.slug = 'viewer'`,
        [body.id, email, by],
      );
    await plant('kept@headless.example', admin.id);
    await plant('dead@headless.example', disabled.id);
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [disabled.id]);
    expectProblem(await invite(body.id, admin.email), 409, 'already_member');
    expectProblem(await invite(body.id, 'kept@headless.example'), 409, 'invitation_pending');
    const all = ['boss@headless.example', 'dead@headless.example', 'kept@headless.example'];
    expect((await pending(body.id)).map(({ email }) => email)).toEqual(all);
    expect((await invite(body.id, 'dead@headless.example')).status).toBe(204);
    expect((await pending(body.id)).map(({ email }) => email)).toEqual(all.slice(1));
  });

  it('of a tenant that is there and has none: 404, 409, and what is no address 400', async () => {
    expectProblem(await invite(NOWHERE, 'boss@nowhere.example'), 404, 'not_found');
    expectProblem(await invite(a.id, 'boss@alpha.example'), 409, 'tenant_has_owner');
    expectProblem(await invite(a.id, a.users.viewer.email), 409, 'tenant_has_owner');
    for (const address of ['nobody', 'a@b.example\r\nbcc: c@d.example'])
      expectProblem(await invite(a.id, address), 400);
    expect([...(await tokensTo('boss@nowhere.example')), ...(await tokensTo('boss@alpha.example'))]).toEqual([]);
  });
});
