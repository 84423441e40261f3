import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Answer, TestApp } from './app.js';
import type { TestDatabase } from './database.js';
import { grantTo } from './grant.js';
import { told } from './problem.js';

/** Whatever version. */
export const ANY = { 'If-Match': '*' };
/** An id that nothing ever had. */
export const NEVER = '01a1fd04-0000-7000-8000-000000000000';

/** The routes of roles, by name, in tenant A unless another token is given. */
export function roleCalls(db: TestDatabase, held: { app: TestApp }) {
  const { a } = db.world;
  const tokenOf = async (userId: string, aal: 1 | 2 = 2, tenant = a.id): Promise<string> =>
    (await grantTo(held.app, db, userId, { tenant, aal })).accessToken;
  const call = (token: string, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
    held.app.call(method, path, { token, body, headers });
  const make = (token: string, wish: object = {}): Promise<Answer> => {
    const role = { name: `Role ${randomUUID()}`, permissions: [], parentIds: [a.roles.admin], ...wish };
    return call(token, 'POST', '/v1/roles', role);
  };
  const made = async (token: string, wish: object = {}): Promise<{ id: string }> => {
    const { status, text, body } = await make(token, wish);
    if (status !== 201) throw new Error(`create: ${status} ${text}`);
    return body;
  };
  const put = (token: string, id: string, what: 'permissions' | 'parents', list: unknown, headers: object = ANY) =>
    call(
      token,
      'PUT',
      `/v1/roles/${id}/${what}`,
      what === 'parents' ? { parentIds: list } : { permissions: list },
      headers,
    );
  const assign = (token: string, userId: string, roleId: unknown): Promise<Answer> =>
    call(token, 'PATCH', `/v1/members/${userId}`, { roleId });
  const transfer = (token: string, userId: unknown): Promise<Answer> =>
    call(token, 'POST', '/v1/tenants/current/transfer-ownership', { userId });
  return { tokenOf, call, make, made, put, assign, transfer };
}

/** Two answers are one, but for the id that each was asked about. */
export function expectSame(foreign: Answer, foreignId: string, never: Answer, neverId = NEVER): void {
  expect(JSON.stringify(told(foreign)).replaceAll(foreignId, neverId)).toBe(JSON.stringify(told(never)));
}
