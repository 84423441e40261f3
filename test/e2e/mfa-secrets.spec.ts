import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Answer, TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';
import { codeAt } from '../support/totp.js';

const { db } = useDatabase();
const { a } = db.world;
const RENAME = 'alter table auth.factors rename column totp_last_step to gone';

let server: ServerProcess;
let app: TestApp;
/** name to what nobody may read, but in the answer that it was made for */
const secrets: [name: string, text: string][] = [];
const refusals: Answer[] = [];

async function refused(method: string, path: string, token: string, body?: unknown): Promise<void> {
  refusals.push(await app.call(method, `/v1/auth/mfa/${path}`, { token, body }));
}

/** What one gets with secrets in hand: right, wrong, again, in the wrong place, and while the database fails. */
async function provoke(): Promise<void> {
  const { email } = await newcomer(db, [a, 'member']);
  const token = await app.token(email);
  const { body } = await app.call('POST', '/v1/auth/mfa/totp', { token, body: { name: 'Phone' } });
  const now = Date.now() / 1000;
  const [code, next] = [codeAt(body.secret, now), codeAt(body.secret, now + 30)];
  secrets.push(['secret', body.secret], ['code', code], ['next code', next]);
  await refused('POST', `totp/${body.id}/activate`, token, { code: `${code}${code}` });
  await refused('POST', `totp/${body.id}/activate`, token, { code, secret: body.secret });
  const activated = await app.call('POST', `/v1/auth/mfa/totp/${body.id}/activate`, { token, body: { code } });
  expect(activated.status).toBe(200);
  const [recoveryCode] = activated.body.recoveryCodes as [string];
  for (const one of activated.body.recoveryCodes as string[])
    secrets.push(['recovery code', one], ['recovery code', one.replaceAll('-', '')]);
  await refused('POST', 'verify', token, { code });
  await refused('POST', 'verify', token, { code: body.secret.slice(0, 20) });
  await refused('POST', 'verify', token, { code, recoveryCode });
  await refused('POST', 'verify', token, { code: [code], recoveryCode: { recoveryCode } });
  await refused('POST', 'verify', token, `{"recoveryCode":"${recoveryCode}"`);
  await refused('POST', `verify?code=${code}`, token, { recoveryCode });
  await refused('POST', 'verify', token, { recoveryCode: `${recoveryCode}x` });
  await refused('PATCH', `factors/${body.id}`, token, { name: body.secret });
  const owner = await db.as('owner');
  await owner.query(RENAME);
  await refused('POST', 'verify', token, { code: next });
  await owner.query(RENAME.replace('totp_last_step to gone', 'gone to totp_last_step'));
  await owner.query('alter table auth.recovery_codes rename column hash to gone');
  await refused('POST', 'verify', token, { recoveryCode });
  await owner.query('alter table auth.recovery_codes rename column gone to hash');
  await db.look(`update auth.factors set totp_secret_encrypted = 'k9.x' where id = $1`, [body.id]);
  await refused('POST', 'verify', token, { code: next });
  const used = await app.call('POST', '/v1/auth/mfa/verify', { token, body: { recoveryCode } });
  expect(used.status).toBe(200);
  await refused('DELETE', `factors/${randomUUID()}`, used.body.accessToken);
}

beforeAll(async () => {
  server = await ServerProcess.start(db, { LOG_LEVEL: 'debug' });
  app = new TestApp(undefined as never, server.url);
  await provoke();
}, 60_000);
afterAll(() => server?.stop());

/** The text, standing alone: six digits are part of many a number. */
const holds = (where: string, text: string): boolean =>
  new RegExp(`(?<![0-9A-Za-z])${text}(?![0-9A-Za-z])`).test(where);

describe('secrets of second factors', () => {
  it('were shown to a server that refused, failed, and told its log about it', () => {
    expect([...new Set(refusals.map(({ status }) => status))].sort()).toEqual([400, 401, 403, 404, 422, 500, 503]);
    expect(server.written).toContain('500 internal_error POST /v1/auth/mfa/verify');
    expect(server.written).toContain('cannot be decrypted with this key ring: key k9 is not in the key ring');
    expect(secrets).toHaveLength(23);
  });

  it('are in no line of the log of the server', () => {
    for (const [name, text] of secrets) expect([name, holds(server.written, text)]).toEqual([name, false]);
  });

  it('are in no line of the log of PostgreSQL', () => {
    const log = readFileSync(join(dirname(process.env['RINGFENCE_TEST'] ?? ''), 'home', 'postgres.log'), 'utf8');
    expect(log).toContain('"totp_last_step" does not exist');
    for (const [name, text] of secrets.filter(([, { length }]) => length > 6)) {
      expect([name, log.includes(text)]).toEqual([name, false]);
    }
  });

  it('are in no problem', () => {
    for (const [name, text] of secrets) {
      const shown = refusals.filter((answer) => holds(`${answer.text}${JSON.stringify([...answer.headers])}`, text));
      expect([name, shown.map(({ status, text: problem }) => `${status} ${problem}`)]).toEqual([name, []]);
    }
  });

  it('are in no row, mails that wait to be sent included', async () => {
    const [dump] = await db.look<{ all: string }>(
      `select concat((select string_agg(f::text, ' ') from auth.factors f), (select string_agg(r::text, ' ') from auth.recovery_codes r),
         (select string_agg(m::text, ' ') from auth.mail_outbox m), (select string_agg(g::text, ' ') from auth.guesses g)) as all`,
    );
    expect(dump?.all).toContain('k9.x'); // the look does find things
    for (const [name, text] of secrets.filter(([, { length }]) => length > 6)) {
      const hex = Buffer.from(text).toString('hex');
      expect([name, dump?.all.includes(text), dump?.all.includes(hex)]).toEqual([name, false, false]);
    }
  });
});
