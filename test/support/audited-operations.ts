import { createHash, randomUUID } from 'node:crypto';
import { Letters } from '../../src/modules/mail/index.js';
import { provisionTenant } from '../../src/modules/tenancy/index.js';
import { plantKey } from './api-keys.js';
import { testRing, type Tokens } from './app.js';
import { INSTALLATION } from './audit.js';
import type { Call } from './call.js';
import type { TestDatabase } from './database.js';
import { totp } from './enrol.js';
import { grantTo } from './grant.js';
import { plantDeadJob } from './jobs.js';
import { plantInvitation, somebodyNew } from './invitations.js';
import { operatorToken } from './operators.js';
import { passkeyCalls } from './passkey-calls.js';
import { newcomer } from './people.js';
import type { Ready, Stage } from './recipe.js';
import { recordRecipes } from './record-recipes.js';
import { plantRole } from './role-graph.js';
import { MfaCalls } from './totp.js';
import { PASSWORD, type Person, type Tenant } from './world.js';

type Recipe = (stage: Stage) => Promise<Ready>;

const ANY = { 'If-Match': '*' };
const FRESH = 'seven lanterns over quiet water';

const tokenOf = async ({ app, db }: Stage, userId: string, aal: 1 | 2 = 2): Promise<string> =>
  (await grantTo(app, db, userId, { aal, tenant: db.world.a.id })).accessToken;
const owner = (stage: Stage): Promise<string> => tokenOf(stage, stage.db.world.a.users.owner.id);
const member = (db: TestDatabase): Promise<Person> => newcomer(db, [db.world.a, 'member']);
/** Somebody of two tenants. */
const twofold = (db: TestDatabase): Promise<Person> => newcomer(db, [db.world.a, 'member'], [db.world.b, 'member']);

async function signedIn(stage: Stage): Promise<Tokens & { person: Person }> {
  const person = await member(stage.db);
  return { person, ...(await grantTo(stage.app, stage.db, person.id, { tenant: stage.db.world.a.id })) };
}

/** A file of a deal, as far as its announcement; `sent` says whether the bytes are there. */
async function ownFile(stage: Stage, sent: boolean, body?: object): Promise<Ready> {
  const { app, db } = stage;
  const token = await owner(stage);
  const made = await app.call('POST', '/v1/files', { token, body: fileOf(db.world.a) });
  const { id, upload } = made.body;
  if (sent) {
    const { pathname, search } = new URL(upload.url);
    await fetch(app.url + pathname + search, { method: 'PUT', headers: upload.headers, body: 'x' });
  }
  return { path: { id }, call: { token, body }, logs: [db.world.a.id] };
}

const CONTENT = { contentType: 'text/plain', size: 1, sha256: createHash('sha256').update('x').digest('hex') };
const fileOf = ({ deals }: Tenant): object => ({
  name: 'x.txt',
  resourceType: 'deal',
  resourceId: deals['owner-public'],
  ...CONTENT,
});

const FILES: Record<string, Recipe> = {
  createFile: async (stage) => ({
    call: { token: await owner(stage), body: fileOf(stage.db.world.a) },
    logs: [stage.db.world.a.id],
  }),
  addFileVersion: (stage) => ownFile(stage, false, CONTENT),
  completeFile: (stage) => ownFile(stage, true, {}),
  deleteFile: (stage) => ownFile(stage, false),
  restoreFile: async (stage) => {
    const ready = await ownFile(stage, false);
    await stage.db.look('update app.files set deleted_at = now() where id = $1', [ready.path?.['id']]);
    return ready;
  },
};

async function role(stage: Stage, body?: (a: Tenant) => object, headers: object = ANY): Promise<Ready> {
  const { a } = stage.db.world;
  const id = await plantRole(stage.db, a, ['deal:read'], [a.roles.admin]);
  const call = { token: await owner(stage), body: body?.(a), headers: { ...headers } };
  return { path: { id }, call, logs: [a.id] };
}

async function aboutMember(stage: Stage, body?: object): Promise<Ready> {
  const { id } = await member(stage.db);
  await grantTo(stage.app, stage.db, id, { tenant: stage.db.world.a.id }); // signed in somewhere
  return { path: { userId: id }, call: { token: await owner(stage), body }, logs: [stage.db.world.a.id] };
}

const TENANCY: Record<string, Recipe> = {
  createRole: (stage) =>
    role(stage, (a) => ({ name: `R ${randomUUID()}`, permissions: ['deal:read'], parentIds: [a.roles.admin] }), {}),
  updateRole: (stage) => role(stage, () => ({ name: `R ${randomUUID()}` })),
  setRolePermissions: (stage) => role(stage, () => ({ permissions: ['deal:read', 'deal:update'] })),
  setRoleParents: (stage) => role(stage, (a) => ({ parentIds: [a.roles.owner] })),
  deleteRole: (stage) => role(stage),
  assignRole: (stage) => aboutMember(stage, { roleId: stage.db.world.a.roles.viewer }),
  removeMember: (stage) => aboutMember(stage),
  endMemberSessions: (stage) => aboutMember(stage),
  leaveTenant: async (stage) => ({
    call: { token: (await signedIn(stage)).accessToken },
    logs: [stage.db.world.a.id],
  }),
  updateCurrentTenant: async (stage) => ({
    call: { token: await owner(stage), body: { name: 'Renamed' }, headers: ANY },
    logs: [stage.db.world.a.id],
  }),
  transferOwnership: async ({ app, db }) => {
    const { b } = db.world;
    const { accessToken: token } = await grantTo(app, db, b.users.owner.id, { aal: 2, tenant: b.id });
    return { call: { token, body: { userId: b.users.member.id } }, logs: [b.id] };
  },
  createInvitation: async (stage) => ({
    call: { token: await owner(stage), body: { email: somebodyNew(), roleId: stage.db.world.a.roles.member } },
    logs: [stage.db.world.a.id],
  }),
  resendInvitation: (stage) => aboutInvitation(stage),
  revokeInvitation: (stage) => aboutInvitation(stage),
  acceptInvitation: async ({ db }) => {
    const token = await plantInvitation(db, db.world.a, somebodyNew());
    return { call: { body: { token, fullName: 'Ada Lovelace', password: FRESH } }, logs: [db.world.a.id] };
  },
};

async function aboutInvitation(stage: Stage): Promise<Ready> {
  const { a } = stage.db.world;
  const email = somebodyNew();
  await plantInvitation(stage.db, a, email);
  const [row] = await stage.db.look<{ id: string }>('select id from app.invitations where email = $1', [email]);
  return { path: { id: row?.id ?? '' }, call: { token: await owner(stage) }, logs: [a.id] };
}

const slug = (): string => `t-${randomUUID().slice(0, 18)}`.replace(/-$/, '');
async function platform({ app, db }: Stage, status: string, body?: object, name = slug()): Promise<Ready> {
  const id = await db.service((client) => provisionTenant(client, name, 'Short-lived'));
  await db.look('update app.tenants set status = $2 where id = $1', [id, status]);
  return { path: { id }, call: { token: await operatorToken(app, db), body }, logs: [INSTALLATION, id] };
}

const PLATFORM: Record<string, Recipe> = {
  provisionTenant: async ({ app, db }) => {
    const body = { name: 'Initech', slug: slug(), adminEmail: somebodyNew() };
    return { call: { token: await operatorToken(app, db), body }, logs: [INSTALLATION, 'answered'] };
  },
  suspendTenant: (stage) => platform(stage, 'active'),
  resumeTenant: (stage) => platform(stage, 'suspended'),
  inviteTenantOwner: (stage) => platform(stage, 'active', { adminEmail: somebodyNew() }),
  exportTenant: (stage) => platform(stage, 'active'),
  eraseTenant: (stage) => {
    const name = slug();
    return platform(stage, 'suspended', { confirm: name }, name);
  },
};

/** The secret of the link in the newest mail to somebody. */
async function linkTo(db: TestDatabase, { email }: Person): Promise<string> {
  const [mail] = await db.look<{ id: string; sealed: string }>(
    `select id, values_encrypted as sealed from auth.mail_outbox where recipient = $1 order by id desc limit 1`,
    [email],
  );
  const token = mail && /#token=([\w-]{43})\s/.exec(new Letters(testRing).open(mail.id, mail.sealed).text)?.[1];
  if (!token) throw new Error(`no mail with a link to ${email}`);
  return token;
}

const logsOf = ({ a, b }: TestDatabase['world']): string[] => [a.id, b.id];

async function inSession(stage: Stage, body?: object): Promise<Ready> {
  return { call: { token: (await signedIn(stage)).accessToken, body }, logs: [stage.db.world.a.id] };
}

const SIGN_IN: Record<string, Recipe> = {
  login: async ({ db }) => ({
    call: { body: { email: (await twofold(db)).email, password: PASSWORD, tenant: 'alpha' } },
    logs: [db.world.a.id],
  }),
  logout: (stage) => inSession(stage),
  endSessions: (stage) => inSession(stage),
  endSession: async (stage) => {
    const { person, accessToken: token } = await signedIn(stage);
    await grantTo(stage.app, stage.db, person.id, { tenant: stage.db.world.a.id });
    const { body } = await stage.app.call('GET', '/v1/auth/sessions', { token });
    const other = (body.items as { id: string; current: boolean }[]).find(({ current }) => !current);
    return { path: { id: other?.id ?? '' }, call: { token }, logs: [stage.db.world.a.id] };
  },
  switchTenant: async ({ app, db }) => {
    const { accessToken: token } = await grantTo(app, db, (await twofold(db)).id, { tenant: db.world.a.id });
    return { call: { token, body: { tenant: 'beta' } }, logs: logsOf(db.world) }; // the one that is left, too
  },
  forgotPassword: async ({ db }) => ({
    call: { body: { email: (await twofold(db)).email } },
    logs: logsOf(db.world),
  }),
  resetPassword: async ({ app, db }) => {
    const person = await twofold(db);
    await app.call('POST', '/v1/auth/password/forgot', { body: { email: person.email } });
    return { call: { body: { token: await linkTo(db, person), password: FRESH } }, logs: logsOf(db.world) };
  },
  changePassword: (stage) => inSession(stage, { currentPassword: PASSWORD, newPassword: FRESH }),
  unlockAccount: async ({ app, db }) => {
    const person = await twofold(db);
    for (let n = 0; n < 5; n += 1)
      await app.call('POST', '/v1/auth/login', { body: { email: person.email, password: 'wrong' } });
    return { call: { body: { token: await linkTo(db, person) } }, logs: logsOf(db.world) };
  },
  requestMagicLink: async ({ db }) => ({
    call: { body: { email: (await twofold(db)).email } },
    logs: logsOf(db.world),
  }),
  verifyMagicLink: async ({ app, db }) => {
    const person = await member(db);
    await app.call('POST', '/v1/auth/magic-link', { body: { email: person.email } });
    return { call: { body: { token: await linkTo(db, person) } }, logs: [db.world.a.id] };
  },
};

/** Somebody with an authenticator app, in a session of so much assurance. */
async function withApp(stage: Stage, aal: 1 | 2, call: (it: MadeFactor) => object, path = true): Promise<Ready> {
  const { app, clock, db } = stage;
  const mfa = new MfaCalls({ app }, clock);
  const { person, accessToken } = await signedIn(stage);
  const { factorId, secret } = await mfa.added(accessToken);
  const token = aal === 2 ? await tokenOf(stage, person.id) : accessToken;
  const ready = { token, ...call({ mfa, secret }) };
  return { path: path ? { id: factorId } : {}, call: ready, logs: [db.world.a.id] };
}
interface MadeFactor {
  mfa: MfaCalls;
  secret: string;
}

async function withPasskey(stage: Stage, assert: (it: Passkey) => Promise<Call>): Promise<Ready> {
  const keys = passkeyCalls(stage);
  const tokens = await signedIn(stage);
  const device = await keys.enrolled(tokens);
  return { call: () => assert({ keys, device, tokens }), logs: [stage.db.world.a.id] };
}
interface Passkey {
  keys: ReturnType<typeof passkeyCalls>;
  device: Awaited<ReturnType<ReturnType<typeof passkeyCalls>['enrolled']>>;
  tokens: Tokens;
}

const MFA: Record<string, Recipe> = {
  enrolTotp: (stage) => inSession(stage, { name: 'Phone' }),
  activateTotp: async (stage) => {
    const tokens = await signedIn(stage);
    const begun = await totp(stage.app, tokens, 'Phone');
    const code = new MfaCalls(stage, stage.clock).code(begun.secret);
    return { path: { id: begun.id }, call: { token: tokens.accessToken, body: { code } }, logs: [stage.db.world.a.id] };
  },
  verifyFactor: (stage) => withApp(stage, 1, ({ mfa, secret }) => ({ body: { code: mfa.code(secret) } }), false),
  renameFactor: (stage) => withApp(stage, 2, () => ({ body: { name: 'Tablet' } })),
  removeFactor: (stage) => withApp(stage, 2, () => ({})),
  renewRecoveryCodes: (stage) => withApp(stage, 2, () => ({}), false),
  registerPasskey: async (stage) => {
    const keys = passkeyCalls(stage);
    const { SoftAuthenticator } = await import('./authenticator.js');
    const { accessToken: token } = await signedIn(stage);
    const call = async (): Promise<Call> => {
      const options = (await keys.registrationOptions(token)).body;
      return { token, body: { name: 'Laptop', credential: new SoftAuthenticator().create(options) } };
    };
    return { call, logs: [stage.db.world.a.id] };
  },
  verifyPasskey: (stage) =>
    withPasskey(stage, async ({ keys, device, tokens }) => ({
      token: tokens.accessToken,
      body: { credential: await keys.stepUpAssertion(tokens, device) },
    })),
  loginWithPasskey: (stage) =>
    withPasskey(stage, async ({ keys, device }) => ({ body: { credential: await keys.loginAssertion(device) } })),
};

/** An endpoint where nobody listens: what is asked here sends nothing by itself. */
async function ownWebhook(stage: Stage, body?: object, headers = {}): Promise<Ready> {
  const { app, db } = stage;
  const token = await owner(stage);
  const made = await app.call('POST', '/v1/webhooks', { token, body: WEBHOOK });
  return { path: { id: made.body.id }, call: { token, body, headers }, logs: [db.world.a.id] };
}
const WEBHOOK = { url: 'https://partner.example/', events: ['role.deleted'] };

const WEBHOOKS: Record<string, Recipe> = {
  createWebhook: async (stage) => ({
    call: { token: await owner(stage), body: WEBHOOK },
    logs: [stage.db.world.a.id],
  }),
  updateWebhook: (stage) => ownWebhook(stage, { description: 'CRM' }, ANY),
  deleteWebhook: (stage) => ownWebhook(stage, undefined, ANY),
  rotateWebhookSecret: (stage) => ownWebhook(stage, {}),
  testWebhook: (stage) => ownWebhook(stage),
  replayWebhookDelivery: async (stage) => {
    const ready = await ownWebhook(stage);
    const { token } = ready.call as Call;
    const { body } = await stage.app.call('POST', `/v1/webhooks/${ready.path?.['id']}/test`, { token });
    await stage.db.look(`update app.webhook_deliveries set status = 'failed' where id = $1`, [body.id]);
    return { ...ready, path: { ...ready.path, deliveryId: body.id } };
  },
};

async function ownKey(stage: Stage, body?: object): Promise<Ready> {
  const { a } = stage.db.world;
  const { id } = await plantKey(stage.db, a, a.users.owner, ['deal:read']);
  return { path: { id }, call: { token: await owner(stage), body }, logs: [a.id] };
}

const API_KEYS: Record<string, Recipe> = {
  createApiKey: async (stage) => ({
    call: {
      token: await owner(stage),
      body: { name: 'Import', permissions: ['deal:read'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
    },
    logs: [stage.db.world.a.id],
  }),
  rotateApiKey: (stage) => ownKey(stage, {}),
  confirmApiKey: (stage) => ownKey(stage),
  revokeApiKey: (stage) => ownKey(stage),
};

/** How each operation is called validly, by its operationId. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  retryJob: async (stage) => ({
    path: { id: await plantDeadJob(stage.db) },
    call: { token: await owner(stage) },
    logs: [stage.db.world.a.id],
  }),
  ...API_KEYS,
  ...recordRecipes(),
  ...FILES,
  ...TENANCY,
  ...PLATFORM,
  ...WEBHOOKS,
  ...SIGN_IN,
  ...MFA,
};
