import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { Clock } from '../../src/context/index.js';
import { newSecret, secretHash } from '../../src/modules/identity/index.js';
import { type Refusal, RefusalLog } from '../../src/modules/audit/index.js';
import { plantTotp } from '../../src/modules/mfa/totp/plant-totp.js';
import { type Answer, startApp, type TestApp, testRing, type Tokens } from '../support/app.js';
import { SoftAuthenticator, WEBAUTHN } from '../support/authenticator.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { GOOD_PASSWORD, newAccount, plantInvitation, somebodyNew } from '../support/invitations.js';
import { passkeyCalls } from '../support/passkey-calls.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { sessionIdOf as sid } from '../support/raise.js';
import { codeAt, TestClock } from '../support/totp.js';
import { type Person, PASSWORD } from '../support/world.js';

/* Each route of accounts, sessions and factors leaves what it did in the audit log, or does nothing. */

const NIL = '00000000-0000-0000-0000-000000000000';
const { db } = useDatabase();
const { a, b } = db.world;
const clock = new TestClock();
const held = {} as { app: TestApp };
const passkeys = passkeyCalls(held);
let admin: Client;
let refusals: Refusal[] = [];

beforeAll(async () => {
  const env = { GUESSES_PER_ACCOUNT: '2', GUESSES_PER_ADDRESS: '100000', ...WEBAUTHN };
  held.app = await startApp(db, env, (builder) => builder.overrideProvider(Clock).useValue(clock));
  admin = await db.as('admin');
  const log = held.app.nest.get(RefusalLog, { strict: false });
  const note = log.note.bind(log);
  log.note = (refusal) => {
    refusals.push(refusal);
    note(refusal);
  };
});

interface Entry {
  log: string;
  actor: string | null;
  session: string | null;
  action: string;
  target: string | null;
  outcome: string;
  code: string | null;
  details: Record<string, unknown> | null;
}

const entriesOf = (answer: Answer): Promise<(Entry & { type: string; targetType: string; personal: boolean })[]> =>
  db.look(
    `select tenant_id as log, actor_type as type, actor_id as actor, session_id as session, action,
            target_type as "targetType", target_id as target, outcome, code, details, personal is not null as personal
       from app.audit_log where request_id = $1 and (outcome = 'success' or details is null or not details ? 'method')
      order by id, n`,
    [answer.headers.get('x-request-id')],
  );

/** All that a person has, and that came into being with them: whatever of it changes, somebody changed it. */
const stateOf = async ({ email }: Pick<Person, 'email'>): Promise<unknown> =>
  db.look(
    `with p as (select * from auth.users where email = $1)
     select (select json_agg(p) from p),
       (select json_agg(s order by s.id) from auth.sessions s join p on p.id = s.user_id),
       (select json_agg(r order by r.hash) from auth.refresh_tokens r join auth.sessions s on s.id = r.session_id join p on p.id = s.user_id),
       (select json_agg(c order by c.hash) from auth.capabilities c join p on p.id = c.user_id),
       (select json_agg(f order by f.id) from auth.factors f join p on p.id = f.user_id),
       (select json_agg(c order by c.hash) from auth.recovery_codes c join p on p.id = c.user_id),
       (select json_agg(t order by t.hash) from auth.one_time_tokens t join p on p.id = t.user_id where t.purpose not like 'webauthn%'),
       (select json_agg(i order by i.id) from app.invitations i where i.email = $1),
       (select json_agg(m order by m.tenant_id) from app.memberships m join p on p.id = m.user_id)`,
    [email],
  );

const post = (path: string, body?: object, token?: string): Promise<Answer> =>
  held.app.call('POST', `/v1/${path}`, { token, body });
const linkFor = async (purpose: string, { id }: Person): Promise<string> => {
  const token = newSecret();
  await db.look(
    `insert into auth.one_time_tokens (hash, purpose, user_id, details, expires_at) values ($1, $2, $3, '{}', now() + interval '5 minutes')`,
    [secretHash(token), purpose, id],
  );
  return token;
};
/** Somebody in tenant alpha with a session there at AAL2, a second one, an app as a factor, and a passkey where wished. */
interface Actor extends Person {
  tokens: Tokens;
  other: Tokens;
  factor: string;
  secret: string;
  recoveryCode: string;
}

async function actor(): Promise<Actor> {
  const person = await newcomer(db, [a, 'admin']);
  const secret = await db.service((client) => plantTotp(client, testRing, person.id));
  const [factor] = await db.look<{ id: string }>('select id from auth.factors where user_id = $1', [person.id]);
  const tokens = await grantTo(held.app, db, person.id, { tenant: 'alpha', aal: 2 });
  const other = await grantTo(held.app, db, person.id, { tenant: 'alpha' });
  const recoveryCode = randomUUID().replaceAll('-', '').toUpperCase();
  await db.look('insert into auth.recovery_codes (hash, user_id) values ($1, $2)', [
    secretHash(recoveryCode),
    person.id,
  ]);
  return { ...person, tokens, other, secret, recoveryCode, factor: factor?.id ?? '' };
}

interface Prepared {
  send: () => Promise<Answer>;
  /** whose state must not change when it is not recorded */
  whose: Pick<Person, 'email'>;
  /** what stands in the log afterwards; of a user, in tenant alpha, unless it says otherwise */
  left: (answer: Answer) => Partial<Entry>[] | Promise<Partial<Entry>[]>;
  /** where the answer is a refusal, and yet something happened */
  refused?: number;
}

const act = (me: Actor, action: string, target: string, details: Entry['details'] = null): Partial<Entry>[] => [
  { actor: me.id, session: sid(me.tokens), action, target, details },
];
/** A sign-in: the session is the target, and the one that acts. */
const began = (id: string, { body }: Answer, amr: string[], aal = 1): Partial<Entry>[] => [
  { actor: id, session: sid(body), action: 'session.signed_in', target: sid(body), details: { aal, amr } },
];

const ROUTES: [string, () => Promise<Prepared>][] = [
  [
    'sign-in with a password',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      const send = () => post('auth/login', { email: whose.email, password: PASSWORD });
      return { whose, send, left: (answer) => began(whose.id, answer, ['pwd']) };
    },
  ],
  [
    'sign-in by a link',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      const token = await linkFor('magic_link', whose);
      return {
        whose,
        send: () => post('auth/magic-link/verify', { token }),
        left: (answer) => began(whose.id, answer, ['email']),
      };
    },
  ],
  [
    'sign-in with a passkey',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      const device = await passkeys.enrolled(await grantTo(held.app, db, whose.id));
      const send = async () => passkeys.login(await passkeys.loginAssertion(device));
      return { whose, send, left: (answer) => began(whose.id, answer, ['mfa', 'pop', 'user'], 2) };
    },
  ],
  [
    'sign-in of somebody in two tenants who named none',
    async () => {
      const whose = await newcomer(db, [a, 'member'], [b, 'member']);
      const send = () => post('auth/login', { email: whose.email, password: PASSWORD });
      return {
        whose,
        send,
        left: (answer) => [a, b].map(({ id: log }) => ({ ...began(whose.id, answer, ['pwd'])[0], log })),
      };
    },
  ],
  [
    'sign-out',
    async () => {
      const me = await actor();
      const send = () => post('auth/logout', undefined, me.tokens.accessToken);
      return { whose: me, send, left: () => act(me, 'session.signed_out', sid(me.tokens)) };
    },
  ],
  [
    'a switch of tenants',
    async () => {
      const whose = await newcomer(db, [a, 'member'], [b, 'member']);
      const tokens = await grantTo(held.app, db, whose.id, { tenant: 'beta' });
      const entry = { actor: whose.id, session: sid(tokens), action: 'session.tenant_switched', target: sid(tokens) };
      const send = () => post('auth/switch-tenant', { tenant: 'alpha' }, tokens.accessToken);
      return {
        whose,
        send,
        left: () => [
          { ...entry, details: { move: 'in' } },
          { ...entry, log: b.id, details: { move: 'out' } },
        ],
      };
    },
  ],
  [
    'the end of another session of one’s own',
    async () => {
      const me = await actor();
      const send = () =>
        held.app.call('DELETE', `/v1/auth/sessions/${sid(me.other)}`, { token: me.tokens.accessToken });
      return { whose: me, send, left: () => act(me, 'session.ended', sid(me.other)) };
    },
  ],
  [
    'the end of all sessions',
    async () => {
      const me = await actor();
      const send = () => held.app.call('DELETE', '/v1/auth/sessions', { token: me.tokens.accessToken });
      return {
        whose: me,
        send,
        left: () => act(me, 'session.all_ended', sid(me.tokens), { keptCurrent: false, count: 2 }),
      };
    },
  ],
  [
    'the end of a member’s sessions',
    async () => {
      const [me, whose] = [await actor(), await newcomer(db, [a, 'member'])];
      await grantTo(held.app, db, whose.id);
      const send = () => held.app.call('DELETE', `/v1/members/${whose.id}/sessions`, { token: me.tokens.accessToken });
      return { whose, send, left: () => act(me, 'member.signed_out', whose.id) };
    },
  ],
  [
    'a refresh token that comes again',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      const { refreshToken, ...tokens } = await grantTo(held.app, db, whose.id);
      const session = sid({ refreshToken, ...tokens });
      await db.look(`update auth.refresh_tokens set used_at = now() - interval '1 hour' where session_id = $1`, [
        session,
      ]);
      const entry = {
        session,
        action: 'session.reuse_detected',
        target: session,
        outcome: 'denied',
        code: 'refresh_token_reused',
      };
      return { whose, refused: 401, send: () => post('auth/refresh', { refreshToken }), left: () => [entry] };
    },
  ],
  [
    'a session that is older than its tenant allows',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      const { refreshToken, ...tokens } = await grantTo(held.app, db, whose.id);
      const session = sid({ refreshToken, ...tokens });
      await db.look(`update auth.sessions set created_at = now() - interval '1 year' where id = $1`, [session]);
      const entry = {
        session,
        action: 'session.expired',
        target: session,
        outcome: 'denied',
        code: 'refresh_token_invalid',
      };
      return { whose, refused: 401, send: () => post('auth/refresh', { refreshToken }), left: () => [entry] };
    },
  ],
  [
    'the guess that locks an account',
    async () => {
      const whose = await newcomer(db, [a, 'member'], [b, 'member']);
      const send = () => post('auth/login', { email: whose.email, password: 'wrong' });
      await send();
      const entry = {
        action: 'account.locked',
        target: whose.id,
        outcome: 'denied',
        code: 'too_many_attempts',
        details: { guessed: 'password' },
      };
      return { whose, refused: 401, send, left: () => [entry, { ...entry, log: b.id }] };
    },
  ],
  [
    'a new password',
    async () => {
      const me = await actor();
      const body = { currentPassword: PASSWORD, newPassword: GOOD_PASSWORD };
      const send = () => post('auth/password/change', body, me.tokens.accessToken);
      return { whose: me, send, left: () => act(me, 'password.changed', me.id) };
    },
  ],
  [
    'a request for another password',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      const entry = { action: 'password.reset_requested', target: whose.id, details: { sent: true } };
      return { whose, send: () => post('auth/password/forgot', { email: whose.email }), left: () => [entry] };
    },
  ],
  [
    'a request by whoever has no account',
    async () => {
      const email = somebodyNew();
      const entry = { log: NIL, action: 'magic_link.requested', details: { sent: false } };
      return { whose: { email }, send: () => post('auth/magic-link', { email }), left: () => [entry] };
    },
  ],
  [
    'a password that is reset',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      await grantTo(held.app, db, whose.id);
      const body = { token: await linkFor('password_reset', whose), password: GOOD_PASSWORD };
      const entry = { actor: whose.id, action: 'password.reset', target: whose.id };
      return { whose, send: () => post('auth/password/reset', body), left: () => [entry] };
    },
  ],
  [
    'an account that is unlocked',
    async () => {
      const whose = await newcomer(db, [a, 'member']);
      const token = await linkFor('unlock', whose);
      const entry = { actor: whose.id, action: 'account.unlocked', target: whose.id };
      return { whose, send: () => post('auth/unlock', { token }), left: () => [entry] };
    },
  ],
  [
    'an app that is begun',
    async () => {
      const me = await actor();
      const send = () => post('auth/mfa/totp', { name: 'Phone' }, me.tokens.accessToken);
      return { whose: me, send, left: ({ body }) => act(me, 'factor.added', body.id, { type: 'totp' }) };
    },
  ],
  [
    'an app that is activated',
    async () => {
      const me = await actor();
      const { body } = await post('auth/mfa/totp', { name: 'Phone' }, me.tokens.accessToken);
      const code = codeAt(body.secret, clock.seconds());
      const send = () => post(`auth/mfa/totp/${body.id}/activate`, { code }, me.tokens.accessToken);
      return {
        whose: me,
        send,
        left: () => act(me, 'factor.activated', body.id, { type: 'totp', recoveryCodes: false }),
      };
    },
  ],
  [
    'an app that is removed before it counted',
    async () => {
      const me = await actor();
      const { body } = await post('auth/mfa/totp', { name: 'Phone' }, me.tokens.accessToken);
      const send = () => held.app.call('DELETE', `/v1/auth/mfa/factors/${body.id}`, { token: me.tokens.accessToken });
      return { whose: me, send, left: () => act(me, 'factor.removed', body.id, { type: 'totp', active: false }) };
    },
  ],
  [
    'a passkey',
    async () => {
      const me = await actor();
      const { accessToken } = me.tokens;
      const send = async () =>
        passkeys.register(
          accessToken,
          new SoftAuthenticator().create((await passkeys.registrationOptions(accessToken)).body),
        );
      return {
        whose: me,
        send,
        left: ({ body }) => act(me, 'factor.activated', body.id, { type: 'webauthn', recoveryCodes: false }),
      };
    },
  ],
  [
    'another name of a factor',
    async () => {
      const me = await actor();
      const send = () =>
        held.app.call('PATCH', `/v1/auth/mfa/factors/${me.factor}`, {
          token: me.tokens.accessToken,
          body: { name: 'Mine' },
        });
      return { whose: me, send, left: () => act(me, 'factor.renamed', me.factor, { type: 'totp' }) };
    },
  ],
  [
    'a factor that is removed',
    async () => {
      const me = await actor();
      const send = () => held.app.call('DELETE', `/v1/auth/mfa/factors/${me.factor}`, { token: me.tokens.accessToken });
      return { whose: me, send, left: () => act(me, 'factor.removed', me.factor, { type: 'totp', active: true }) };
    },
  ],
  [
    'new recovery codes',
    async () => {
      const me = await actor();
      const send = () => post('auth/mfa/recovery-codes', undefined, me.tokens.accessToken);
      return { whose: me, send, left: () => act(me, 'recovery_codes.renewed', me.id) };
    },
  ],
  [
    'a step up with an app',
    async () => {
      const me = await actor();
      const send = () => post('auth/mfa/verify', { code: codeAt(me.secret, clock.seconds()) }, me.tokens.accessToken);
      return {
        whose: me,
        send,
        left: () => act(me, 'session.stepped_up', sid(me.tokens), { amr: ['otp', 'mfa'], method: 'totp' }),
      };
    },
  ],
  [
    'a step up with a recovery code',
    async () => {
      const me = await actor();
      const send = () => post('auth/mfa/verify', { recoveryCode: me.recoveryCode }, me.tokens.accessToken);
      return {
        whose: me,
        send,
        left: () => act(me, 'session.stepped_up', sid(me.tokens), { amr: ['otp', 'mfa'], method: 'recovery_code' }),
      };
    },
  ],
  [
    'a step up with a passkey',
    async () => {
      const me = await actor();
      const device = await passkeys.enrolled(me.tokens);
      const send = async () =>
        passkeys.stepUp(me.tokens.accessToken, await passkeys.stepUpAssertion(me.tokens, device));
      return {
        whose: me,
        send,
        left: () => act(me, 'session.stepped_up', sid(me.tokens), { amr: ['mfa', 'pop', 'user'], method: 'passkey' }),
      };
    },
  ],
  [
    'an invitation accepted by somebody new',
    async () => {
      const email = somebodyNew();
      const token = await plantInvitation(db, a, email);
      return {
        whose: { email },
        send: () => post('invitations/accept', { token, ...newAccount }),
        left: accepted(await invitationFor(email)),
      };
    },
  ],
  [
    'an invitation accepted by a member of another tenant',
    async () => {
      const whose = await newcomer(db, [b, 'member']);
      const token = await plantInvitation(db, a, whose.email);
      const { accessToken } = await grantTo(held.app, db, whose.id);
      return {
        whose,
        send: () => post('invitations/accept', { token }, accessToken),
        left: accepted(await invitationFor(whose.email)),
      };
    },
  ],
];

const invitationFor = async (email: string): Promise<string> =>
  (await db.look<{ id: string }>('select id from app.invitations where email = $1', [email]))[0]?.id ?? '';
const accepted =
  (target: string) =>
  async ({ body }: Answer): Promise<Partial<Entry>[]> => {
    const [owner] = await db.look<{ actor: string }>('select user_id as actor from auth.sessions where id = $1', [
      sid(body),
    ]);
    const details = { aal: 1, amr: ['email'] };
    return [{ ...owner, session: sid(body), action: 'invitation.accepted', target, details }];
  };

const NOTHING: Entry = {
  log: NIL,
  action: '',
  actor: null,
  session: null,
  target: null,
  outcome: 'success',
  code: null,
  details: null,
};
const inOrder = (entries: Entry[]): Entry[] => entries.sort((one, two) => one.log.localeCompare(two.log));

describe('what leaves one entry in each log where it belongs, and without it does not happen', () => {
  it.each(ROUTES)('%s', async (_, prepare) => {
    const { send, whose, left, refused } = await prepare();
    const before = await stateOf(whose);
    await admin.query('alter table app.audit_log add constraint is_full check (false) not valid');
    const failed = await send().finally(() => admin.query('alter table app.audit_log drop constraint is_full'));
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(await stateOf(whose)).toEqual(before);

    const answer = await send();
    expect(`${answer.status} ${answer.text}`).toMatch(refused ? `${refused}` : /^2/);
    const expected = (await left(answer)).map((entry) => ({ ...NOTHING, log: a.id, ...entry }));
    expect(inOrder(await entriesOf(answer))).toEqual(
      inOrder(expected).map((entry) => ({
        ...entry,
        type: entry.actor ? 'user' : 'nobody',
        targetType: entry.action.split('.')[0],
        personal: true,
      })),
    );
  });
});

describe('a proof that is refused is noted once, and nothing of what was typed', () => {
  const WRONG = 'certainly-not-this-one';
  const noted = (change: Partial<Refusal>): Refusal[] => [expect.objectContaining(change) as unknown as Refusal];
  const signIn = (change: Partial<Refusal>) => noted({ action: 'session.signed_in', outcome: 'denied', ...change });
  const inSession = (me: Actor, change: Partial<Refusal>) =>
    noted({ tenantId: a.id, actorId: me.id, sessionId: sid(me.tokens), outcome: 'denied', ...change });

  it.each<[string, (me: Actor) => Promise<[Answer, Refusal[]]>]>([
    [
      'a wrong password',
      async (me) => [
        await post('auth/login', { email: me.email, password: WRONG }),
        signIn({
          code: 'credentials_invalid',
          concerns: me.id,
          actorId: undefined,
          details: { method: 'password', userId: me.id },
        }),
      ],
    ],
    [
      'a password of nobody',
      async () => [
        await post('auth/login', { email: `${WRONG}@example.com`, password: WRONG }),
        signIn({ code: 'credentials_invalid', concerns: undefined, actorId: undefined }),
      ],
    ],
    [
      'a password at a locked account',
      async (me) => {
        for (let n = 0; n < 2; n += 1) await post('auth/login', { email: me.email, password: WRONG });
        refusals = [];
        return [
          await post('auth/login', { email: me.email, password: PASSWORD }),
          signIn({ code: 'too_many_attempts', concerns: me.id }),
        ];
      },
    ],
    [
      'a right password for another tenant',
      async (me) => [
        await post('auth/login', { email: me.email, password: PASSWORD, tenant: 'beta' }),
        signIn({ code: 'not_a_member', concerns: me.id, actorId: me.id }),
      ],
    ],
    [
      'a link that never was',
      async () => [
        await post('auth/magic-link/verify', { token: WRONG }),
        signIn({ code: 'link_invalid', concerns: undefined, details: { method: 'magic_link' } }),
      ],
    ],
    [
      'a link in another browser',
      async (me) => [
        await post('auth/magic-link/verify', { token: await linkFor('magic_link', me), codeVerifier: WRONG.repeat(2) }),
        signIn({ code: 'link_invalid', concerns: me.id, actorId: undefined }),
      ],
    ],
    [
      'a passkey of nobody',
      async () => {
        const device = new SoftAuthenticator();
        const { accessToken } = await grantTo(held.app, db, (await newcomer(db, [a, 'member'])).id);
        device.create((await passkeys.registrationOptions(accessToken)).body);
        const { body } = await passkeys.loginOptions();
        return [await passkeys.login(device.get(body)), signIn({ code: 'passkey_invalid', concerns: undefined })];
      },
    ],
    [
      'a passkey of nobody at a step up',
      async (me) => {
        const options = await passkeys.stepUpAssertion(me.tokens, await passkeys.enrolled(me.tokens), { counter: 0 });
        options.response.signature = options.response.signature.replace(/^..../, 'AAAA');
        return [
          await passkeys.stepUp(me.tokens.accessToken, options),
          inSession(me, { action: 'session.stepped_up', code: 'passkey_invalid' }),
        ];
      },
    ],
    [
      'a wrong code',
      async (me) => [
        await post('auth/mfa/verify', { code: codeAt(me.secret, 0) }, me.tokens.accessToken),
        inSession(me, { action: 'session.stepped_up', code: 'code_invalid', details: { method: 'totp' } }),
      ],
    ],
    [
      'a wrong recovery code',
      async (me) => [
        await post('auth/mfa/verify', { recoveryCode: 'B'.repeat(24) }, me.tokens.accessToken),
        inSession(me, { action: 'session.stepped_up', code: 'code_invalid', details: { method: 'recovery_code' } }),
      ],
    ],
    [
      'a wrong code of a new app',
      async (me) => {
        const { body } = await post('auth/mfa/totp', { name: 'Phone' }, me.tokens.accessToken);
        const code = codeAt(body.secret, 0);
        const answer = await post(`auth/mfa/totp/${body.id}/activate`, { code }, me.tokens.accessToken);
        return [answer, inSession(me, { action: 'factor.activated', targetId: body.id, code: 'code_invalid' })];
      },
    ],
    [
      'a wrong current password',
      async (me) => [
        await post(
          'auth/password/change',
          { currentPassword: WRONG, newPassword: GOOD_PASSWORD },
          me.tokens.accessToken,
        ),
        inSession(me, { action: 'password.changed', targetId: me.id, code: 'current_password_wrong' }),
      ],
    ],
    [
      'a link that unlocks nothing',
      async () => [
        await post('auth/unlock', { token: WRONG }),
        noted({ action: 'account.unlocked', outcome: 'denied', code: 'link_invalid', concerns: undefined }),
      ],
    ],
    [
      'a link that resets nothing',
      async () => [
        await post('auth/password/reset', { token: WRONG, password: GOOD_PASSWORD }),
        noted({ action: 'password.reset', outcome: 'denied', code: 'link_invalid', concerns: undefined }),
      ],
    ],
    [
      'an invitation that never was',
      async () => [
        await post('invitations/accept', { token: WRONG }),
        noted({ action: 'invitation.accepted', outcome: 'denied', code: 'invitation_invalid', concerns: undefined }),
      ],
    ],
    [
      'an invitation of somebody else',
      async (me) => {
        const whose = await newcomer(db, [b, 'member']);
        const answer = await post(
          'invitations/accept',
          { token: await plantInvitation(db, a, whose.email) },
          me.tokens.accessToken,
        );
        return [
          answer,
          noted({
            action: 'invitation.accepted',
            outcome: 'denied',
            code: 'sign_in_to_accept',
            concerns: whose.id,
            actorId: me.id,
          }),
        ];
      },
    ],
  ])('%s', async (_, attempt) => {
    const me = await actor();
    refusals = [];
    const [answer, expected] = await attempt(me);
    expectProblem(answer, answer.status, expected[0]?.code);
    expect(refusals.map((refusal) => ({ concerns: undefined, actorId: undefined, ...refusal }))).toEqual(expected);
    expect(JSON.stringify(refusals)).not.toMatch(`${WRONG}|${me.email}`);
    // what was noted may be in the log by now; nothing else is
    expect((await entriesOf(answer)).filter(({ outcome }) => outcome === 'success')).toEqual([]);
  });

  it('stands in the log of each tenant of the person, and of nobody’s in the installation’s', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const logs = async (email: string): Promise<string[]> => {
      const answer = await post('auth/login', { email, password: WRONG });
      const rows = () =>
        db.look<{ log: string }>('select tenant_id as log from app.audit_log where request_id = $1', [
          answer.headers.get('x-request-id'),
        ]);
      while ((await rows()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      return (await rows()).map(({ log }) => log).sort();
    };
    expect(await logs(person.email)).toEqual([a.id, b.id].sort());
    expect(await logs(somebodyNew())).toEqual([NIL]);
  });
});
