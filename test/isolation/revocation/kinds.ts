import { randomUUID } from 'node:crypto';
import type { Answer } from '../../support/app.js';
import { plantKey } from '../../support/api-keys.js';
import type { TestDatabase } from '../../support/database.js';
import { grantTo } from '../../support/grant.js';
import { newcomer } from '../../support/people.js';
import { plantRole } from '../../support/role-graph.js';
import { join, PASSWORD, type Person, type Tenant } from '../../support/world.js';
import type { Pods } from './pods.js';

/** Who takes rights away: an owner of A, sure of themselves, and an operator. */
export interface Powers {
  owner: string;
  operator: string;
}

/** Somebody who may act, and how they lose it. */
export interface Case {
  /** what they do with their right; sent to one server, and it succeeds */
  act: () => Promise<Answer>;
  /** takes the right away, at the other server */
  revoke: () => Promise<unknown>;
  /** how the act is answered from then on */
  denied: number[];
  /** puts back what others need */
  after?: () => Promise<unknown>;
}

export interface Stage extends Pods {
  db: TestDatabase;
  powers: Powers;
}

type Make = (stage: Stage) => Promise<Case>;

const DEAL = { title: 'made in time', amount: '1', currency: 'EUR', visibility: 'public' };

interface Somebody {
  person: Person;
  token: string;
}
const somebody = async ({ db, used }: Stage, tenant: Tenant, aal: 1 | 2 = 1): Promise<Somebody> => {
  const person = await newcomer(db, [tenant, 'member']);
  const { accessToken: token } = await grantTo(used, db, person.id, { tenant: tenant.slug, aal });
  return { person, token };
};
const lists =
  ({ used }: Stage, token: string) =>
  () =>
    used.call('GET', '/v1/deals', { token });
const creates =
  ({ used }: Stage, token: string) =>
  () =>
    used.call('POST', '/v1/deals', { token, body: DEAL });

/** By what is taken away. Each is done by HTTP where there is a route for it. */
export const KINDS: Record<string, Make> = {
  'the session is ended': async (stage) => {
    const { token } = await somebody(stage, stage.db.world.a);
    return { act: lists(stage, token), revoke: () => stage.revoking.call('POST', '/v1/auth/logout', { token }), denied: [401] };
  },
  'all sessions of a member are ended': async (stage) => {
    const { person, token } = await somebody(stage, stage.db.world.a);
    const path = `/v1/members/${person.id}/sessions`;
    return { act: creates(stage, token), revoke: () => stage.revoking.call('DELETE', path, { token: stage.powers.owner }), denied: [401] };
  },
  'one’s other sessions are ended': async (stage) => {
    const { person, token } = await somebody(stage, stage.db.world.a);
    const other = await grantTo(stage.used, stage.db, person.id, { tenant: stage.db.world.a.slug });
    const path = '/v1/auth/sessions?keepCurrent=true';
    return { act: lists(stage, token), revoke: () => stage.revoking.call('DELETE', path, { token: other.accessToken }), denied: [401] };
  },
  'the password is changed': async (stage) => {
    const { person, token } = await somebody(stage, stage.db.world.a);
    const other = await grantTo(stage.used, stage.db, person.id, { tenant: stage.db.world.a.slug, aal: 2 });
    const body = { currentPassword: PASSWORD, newPassword: `a new one: ${randomUUID()}` };
    const revoke = () => stage.revoking.call('POST', '/v1/auth/password/change', { token: other.accessToken, body });
    return { act: lists(stage, token), revoke, denied: [401] };
  },
  'the member is removed': async (stage) => {
    const { person, token } = await somebody(stage, stage.db.world.a);
    const path = `/v1/members/${person.id}`;
    return { act: lists(stage, token), revoke: () => stage.revoking.call('DELETE', path, { token: stage.powers.owner }), denied: [401] };
  },
  'the membership is suspended': async (stage) => {
    const { person, token } = await somebody(stage, stage.db.world.a);
    const sql = `update app.memberships set status = 'suspended' where user_id = $1`;
    return { act: lists(stage, token), revoke: () => stage.db.look(sql, [person.id]), denied: [403] };
  },
  'the role is changed': async (stage) => {
    const { a } = stage.db.world;
    const { person, token } = await somebody(stage, a);
    const roleId = await plantRole(stage.db, a, [], [a.roles.owner]);
    const revoke = () => stage.revoking.call('PATCH', `/v1/members/${person.id}`, { token: stage.powers.owner, body: { roleId } });
    return { act: lists(stage, token), revoke, denied: [403] };
  },
  'a permission is taken from the role': async (stage) => {
    const { a } = stage.db.world;
    const roleId = await plantRole(stage.db, a, ['deal:read', 'deal:create'], [a.roles.owner]);
    const person = await newcomer(stage.db);
    await stage.db.service((client) => join(client, a.id, roleId, person));
    const { accessToken: token } = await grantTo(stage.used, stage.db, person.id, { tenant: a.slug });
    const revoke = () => stage.revoking.call('PUT', `/v1/roles/${roleId}/permissions`, {
      token: stage.powers.owner, body: { permissions: ['deal:create'] }, headers: { 'If-Match': '*' },
    });
    return { act: lists(stage, token), revoke, denied: [403] };
  },
  'the tenant is suspended': async (stage) => {
    const { b } = stage.db.world;
    const { token } = await somebody(stage, b);
    const { operator } = stage.powers;
    return {
      act: lists(stage, token), denied: [403],
      revoke: () => stage.revoking.call('POST', `/v1/platform/tenants/${b.id}/suspend`, { token: operator }),
      after: () => stage.revoking.call('POST', `/v1/platform/tenants/${b.id}/resume`, { token: operator }),
    };
  },
  'the person is disabled': async (stage) => {
    const { person, token } = await somebody(stage, stage.db.world.a);
    const sql = `update auth.users set status = 'disabled' where id = $1`;
    return { act: lists(stage, token), revoke: () => stage.db.look(sql, [person.id]), denied: [401] };
  },
  'the API key is revoked': async (stage) => {
    const { a } = stage.db.world;
    const { id, key } = await plantKey(stage.db, a, a.users.owner, ['deal:read']);
    const path = `/v1/api-keys/${id}`;
    return { act: lists(stage, key), revoke: () => stage.revoking.call('DELETE', path, { token: stage.powers.owner }), denied: [401] };
  },
  'who answers for the API key is removed': async (stage) => {
    const { a } = stage.db.world;
    const person = await newcomer(stage.db, [a, 'member']);
    const { key } = await plantKey(stage.db, a, person, ['deal:read']);
    const path = `/v1/members/${person.id}`;
    return { act: lists(stage, key), revoke: () => stage.revoking.call('DELETE', path, { token: stage.powers.owner }), denied: [401] };
  },
  // what is written after somebody was shut out is not theirs to see
  'the record is made private': async (stage) => {
    const { a } = stage.db.world;
    const { token } = await somebody(stage, a);
    const { owner: mine } = stage.powers;
    const made = await stage.revoking.call('POST', '/v1/deals', { token: mine, body: DEAL });
    const path = `/v1/deals/${made.body.id}`;
    const change = (body: object, version: number) => stage.revoking.call('PATCH', path, { token: mine, body, headers: { 'If-Match': `"v${version}"` } });
    const revoke = async (): Promise<Answer> => {
      const closed = await change({ visibility: 'private' }, 1);
      return closed.status === 200 ? change({ title: 'written for fewer' }, 2) : closed;
    };
    return { act: () => stage.used.call('GET', path, { token }), revoke, denied: [404] };
  },
}; // prettier-ignore
