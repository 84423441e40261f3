import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../../src/context/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { RECIPES } from '../support/audited-operations.js';
import { WEBAUTHN } from '../support/authenticator.js';
import type { Call } from '../support/call.js';
import { useDatabase } from '../support/database.js';
import { exampleBody, exampleQuery } from '../support/examples.js';
import { grantTo } from '../support/grant.js';
import { plantInvitation, somebodyNew } from '../support/invitations.js';
import { operatorToken } from '../support/operators.js';
import { passkeyCalls } from '../support/passkey-calls.js';
import { newcomer } from '../support/people.js';
import { TestClock } from '../support/totp.js';

/*
 * What the OpenAPI document shows as examples is taken as it stands, but for ids, secrets and names of the tests' own. Here
 * operations that leave nothing in the audit log; the others are sent by test/audit/every-mutation.spec.ts.
 */

/** What an example cannot know; where nothing is given, the owner of a tenant asks, at AAL2. */
interface Live {
  path?: Record<string, string>;
  query?: Record<string, string>;
  call?: Call;
}

interface Operation {
  id: string;
  method: string;
  path: string;
  spec: Record<string, any>;
}

const { db } = useDatabase();
const { a } = db.world;
const clock = new TestClock();
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
let app: TestApp;
let owner: string;
let document: Record<string, any>;
let operations: Operation[];

/** What the first of a list is called. */
const first = async (path: string, token = owner): Promise<string> => {
  const { body } = await app.call('GET', path, { token });
  return body.items[0].id;
};

/** A mutation by its recipe. @returns what it answered, and the id in its path */
async function done(id: string): Promise<{ body: any; path: Record<string, string>; token?: string }> {
  const { path = {}, call } = await RECIPES[id]!({ app, db, clock });
  const { method, path: template } = operations.find((operation) => operation.id === id) as Operation;
  const given = typeof call === 'function' ? await call() : call;
  const url = template.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? 'missing');
  const { status, body, text } = await app.call(method, url, given);
  if (status >= 300) throw new Error(`${id}: ${status} ${text}`);
  return { body, path, token: given.token };
}

const aboutFile = async (): Promise<Live> => ({ path: { id: (await done('completeFile')).path['id']! } });
const aboutDelivery = async (): Promise<Live> => {
  const { path, body } = await done('testWebhook');
  return { path: { id: path['id']!, deliveryId: body.id } };
};
const session = async (): Promise<Call> => {
  const { id } = await newcomer(db, [a, 'member']);
  return { token: (await grantTo(app, db, id, { tenant: a.id })).accessToken };
};

const LIVE: Record<string, () => Promise<Live>> = {
  getDeal: () => Promise.resolve({ path: { id: a.deals['owner-public']! } }),
  getRole: () => Promise.resolve({ path: { id: a.roles.member } }),
  listViewers: () => Promise.resolve({ query: { resourceId: a.deals['owner-public']! } }),
  explainAccess: () => Promise.resolve({ call: { body: { resourceId: a.deals['owner-public'] } } }),
  getFile: aboutFile,
  listFileVersions: aboutFile,
  downloadFile: aboutFile,
  getJob: async () => ({ path: (await done('retryJob')).path }),
  getAuditEntry: async () => ({ path: { id: await first('/v1/audit-log') } }),
  getPlatformTenant: () => Promise.resolve({ path: { id: a.id } }),
  getTenantExport: async () => {
    const { body, path } = await done('exportTenant');
    return { path: { id: path['id']!, exportId: body.id } };
  },
  getTenantErasure: async () => ({ path: { id: (await done('eraseTenant')).body.id } }),
  getApiKey: async () => ({ path: { id: (await done('createApiKey')).body.id } }),
  getWebhook: async () => ({ path: { id: (await done('createWebhook')).body.id } }),
  listWebhookDeliveries: aboutDelivery,
  getWebhookDelivery: aboutDelivery,
  refresh: async () => {
    const { refreshToken } = await grantTo(app, db, a.users.member.id, { tenant: a.id });
    return { call: { body: { refreshToken } } };
  },
  previewInvitation: async () => ({ call: { body: { token: await plantInvitation(db, a, somebodyNew()) } } }),
  createPasskeyRegistrationOptions: async () => ({ call: await session() }),
  createPasskeyAuthenticationOptions: async () => {
    const { id } = await newcomer(db, [a, 'member']);
    const tokens = await grantTo(app, db, id, { tenant: a.id });
    await passkeyCalls({ app }).enrolled(tokens);
    return { call: { token: tokens.accessToken } };
  },
};

/** Why no example of it can be sent here. */
const NOT_SENT: Readonly<Record<string, string>> = {
  proveAuditEntry: 'needs a sealed log: test/audit/sealer.spec.ts',
  proveAuditConsistency: 'needs two sealed sizes of a log: test/audit/sealer.spec.ts',
  downloadTenantExport: 'needs a worker that has written the archive: test/tenant-archive/jobs.spec.ts',
};

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-files-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  app = await startApp(db, { ...WEBAUTHN, STORAGE_DIR: folder }, (builder) =>
    builder.overrideProvider(Clock).useValue(clock),
  );
  owner = (await grantTo(app, db, a.users.owner.id, { aal: 2, tenant: a.id })).accessToken;
  document = (await app.call('GET', '/openapi.json')).body;
  operations = Object.entries<Record<string, any>>(document['paths']).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]).map((method) => ({
      id: methods[method].operationId as string,
      method: method.toUpperCase(),
      path,
      spec: methods[method],
    })),
  );
});

/** What is read stands under the path of what a recipe changes, or adds to. */
async function besideChange(path: string): Promise<Live> {
  const change = path.includes('{') ? operations.find((one) => one.path === path && RECIPES[one.id]) : undefined;
  return change ? { path: (await RECIPES[change.id]!({ app, db, clock })).path ?? {} } : {};
}

async function faultOf({ id, method, path, spec }: Operation): Promise<string | undefined> {
  const live: Live = (await LIVE[id]?.()) ?? (method === 'GET' ? await besideChange(path) : {});
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => live.path?.[name] ?? 'missing');
  const token = spec['x-operator'] ? await operatorToken(app, db) : owner;
  const who = spec['security'].length > 0 ? { token } : {};
  const call = { ...who, ...live.call, body: exampleBody(document, spec, live.call?.body) };
  const { status, text } = await app.call(method, url + exampleQuery(spec, live.query ?? {}), call);
  return status < 400 ? undefined : `${id}: ${status} ${text}`;
}

describe('the examples of the document', () => {
  it('are taken as they stand', async () => {
    const faults: string[] = [];
    for (const operation of operations) {
      const { id, method, spec } = operation;
      if (NOT_SENT[id] || (method !== 'GET' && spec['x-audit-action'])) continue;
      const fault = await faultOf(operation);
      if (fault) faults.push(fault);
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('are there for every body, and the list of those that are not sent is no longer than it must be', () => {
    const bare = operations.filter(({ spec }) => spec['requestBody'] && exampleBody(document, spec, undefined) === undefined); // prettier-ignore
    expect(bare.map(({ id }) => id)).toEqual([]);
    const known = new Set(operations.map(({ id }) => id));
    expect(Object.keys({ ...NOT_SENT, ...LIVE }).filter((id) => !known.has(id))).toEqual([]);
  });
});
