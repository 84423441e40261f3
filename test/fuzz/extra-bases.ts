import type { Ready } from '../support/recipe.js';
import type { Call } from '../support/call.js';
import { grantTo } from '../support/grant.js';
import { plantInvitation, somebodyNew } from '../support/invitations.js';
import { runDueJobs } from '../support/jobs.js';
import { passkeyCalls } from '../support/passkey-calls.js';
import { newcomer } from '../support/people.js';
import type { Stage } from './cast.js';

/** What came of a recipe that was performed. */
export interface Performed {
  ready: Pick<Ready, 'path'>;
  token: string | undefined;
  body: any;
}

/** As a recipe of the operations that are recorded, with a query. */
export type Extra = (
  stage: Stage,
  perform: (id: string, ready?: Ready) => Promise<Performed>,
) => Promise<Omit<Ready, 'logs'> & { query?: Record<string, string> }>;

const tokenOf = async ({ app, db }: Stage, role: 'owner' | 'member'): Promise<string> => {
  const { a } = db.world;
  const { id } = await newcomer(db, [a, role]);
  return (await grantTo(app, db, id, { tenant: a.id, aal: 2 })).accessToken;
};

async function sealedEntry(stage: Stage): Promise<{ id: string; token: string }> {
  const token = await tokenOf(stage, 'owner');
  const { id } = (
    await stage.db.look<{ id: string }>(
      'select entry_id as id from app.audit_leaves where tenant_id = $1 order by seq limit 1',
      [stage.db.world.a.id],
    )
  )[0] ?? { id: '' };
  return { id, token };
}

/** An export of a tenant of its own, as far as it is asked for, or done. */
async function exported(stage: Stage, perform: Parameters<Extra>[1], done: boolean): Promise<Omit<Ready, 'logs'>> {
  const { ready, token, body } = await perform('exportTenant');
  if (done) await runDueJobs(stage.app, ['tenant-archive']);
  return { path: { ...ready.path, exportId: body.id }, call: callOf(token) };
}

const callOf = (token: string | undefined, body?: unknown): Call => ({
  ...(token ? { token } : {}),
  body,
});

/** Valid calls of what is not in the recipes, since it changes nothing that is recorded, and of what reads. */
export const EXTRA: Readonly<Record<string, Extra>> = {
  refresh: async ({ app, db }) => {
    const { refreshToken } = await grantTo(app, db, (await newcomer(db, [db.world.a, 'member'])).id, {
      tenant: db.world.a.id,
    });
    return { call: { body: { refreshToken } } };
  },
  previewInvitation: async ({ db }) => ({
    call: {
      body: { token: await plantInvitation(db, db.world.a, somebodyNew()) },
    },
  }),
  createPasskeyRegistrationOptions: async (stage) => ({
    call: { token: await tokenOf(stage, 'member') },
  }),
  createPasskeyAuthenticationOptions: async (stage) => {
    const { app, db } = stage;
    const tokens = await grantTo(app, db, (await newcomer(db, [db.world.a, 'member'])).id, { tenant: db.world.a.id });
    await passkeyCalls({ app }).enrolled(tokens);
    return { call: { token: tokens.accessToken } };
  },
  explainAccess: async (stage) => ({
    call: callOf(await tokenOf(stage, 'owner'), {
      action: 'read',
      resourceType: 'deal',
      resourceId: stage.db.world.a.deals['owner-public'],
    }),
  }),
  listViewers: async (stage) => ({
    query: {
      resourceType: 'deal',
      resourceId: stage.db.world.a.deals['owner-public'] ?? '',
    },
    call: { token: await tokenOf(stage, 'owner') },
  }),
  // not the planted owner, who has to stay one
  transferOwnership: async (stage) => {
    const { a } = stage.db.world;
    const { id } = await newcomer(stage.db, [a, 'member']);
    return { call: callOf(await tokenOf(stage, 'owner'), { userId: id }) };
  },
  // of a tenant where little happens: an export is as long as the log
  exportAuditLog: async ({ app, db }) => {
    const { id } = await newcomer(db, [db.world.b, 'owner']);
    return {
      call: {
        token: (await grantTo(app, db, id, { tenant: db.world.b.id, aal: 2 })).accessToken,
      },
    };
  },
  proveAuditConsistency: async (stage) => {
    const { token } = await sealedEntry(stage);
    return { query: { from: '1', to: '1' }, call: { token } };
  },
  getAuditEntry: async (stage) => {
    const { id, token } = await sealedEntry(stage);
    return { path: { id }, call: { token } };
  },
  proveAuditEntry: async (stage) => {
    const { id, token } = await sealedEntry(stage);
    return { path: { id }, call: { token } };
  },
  downloadFile: async (_, perform) => {
    const { ready, token } = await perform('completeFile');
    return { path: ready.path ?? {}, call: callOf(token) };
  },
  getTenantExport: (stage, perform) => exported(stage, perform, false),
  downloadTenantExport: (stage, perform) => exported(stage, perform, true),
  getTenantErasure: async (_, perform) => {
    const { token, body } = await perform('eraseTenant');
    return { path: { id: body.id }, call: callOf(token) };
  },
};
