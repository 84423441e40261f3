import { beforeAll, describe, expect, it } from '@jest/globals';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { TestingModule, TestingModuleBuilder } from '@nestjs/testing';
import { notFound } from '../../src/errors/index.js';
import { permissionsOf, STANDARD_ROLES } from '../../src/route/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { type Operation, operationsOfContract, says, verdict } from './access/operations.js';

/*
 * The guards alone: behind each route stands somebody who would let everybody in, so that nothing of the application or its
 * database can refuse in their place. What the contract says of access is what happens all the same.
 */

const { db } = useDatabase();
const { a, nobody } = db.world;
const operations = operationsOfContract();
/** how often somebody got as far as a handler */
let reached = 0;
let app: TestApp;

/** Puts a stand-in in the place of every handler, with all that decorators say of it. */
function standIns(module: TestingModule): void {
  for (const { controllers } of module.get(ModulesContainer).values())
    for (const { instance } of controllers.values())
      for (const [name, handler] of Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(instance)))) {
        const real = handler.value as object;
        if (typeof real !== 'function' || !Reflect.hasMetadata(PATH_METADATA, real)) continue;
        const standIn = (): never => {
          reached += 1;
          throw notFound();
        };
        Object.defineProperty(standIn, 'name', { value: name }); // parameters are found by it
        for (const key of Reflect.getMetadataKeys(real) as unknown[])
          Reflect.defineMetadata(key, Reflect.getMetadata(key, real), standIn);
        (instance as Record<string, unknown>)[name] = standIn;
      }
}

const withStandIns = (builder: TestingModuleBuilder): TestingModuleBuilder => {
  const compile = builder.compile.bind(builder);
  builder.compile = async () => {
    const module = await compile();
    standIns(module);
    return module;
  };
  return builder;
};

beforeAll(async () => {
  app = await startApp(db, {}, withStandIns);
});

/** Not by `app.call`: what a stand-in answers is in no contract. */
async function ask(operation: Operation, token?: string, more: Record<string, string> = { 'If-Match': '*' }) {
  const { method, path } = operation;
  const headers = {
    ...more,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(says(operation) ? { 'content-type': 'application/json' } : {}),
  };
  const answer = await fetch(app.url + path, { method, headers, ...(says(operation) ? { body: '{}' } : {}) });
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as Record<string, unknown> | undefined };
}

async function differing(token: string | undefined, expected: (one: Operation) => string): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const operation of operations) {
    const came = verdict(await ask(operation, token));
    if (came !== expected(operation)) wrong.push([operation.name, { expected: expected(operation), came }]);
  }
  return wrong;
}

const tokenOf = async (userId: string, wish: Parameters<typeof grantTo>[3]): Promise<string> =>
  (await grantTo(app, db, userId, wish)).accessToken;
const letIn = ({ kind }: Operation): string => (kind === 'operator' ? 'operators only' : 'let in');

describe('every operation of the contract, with nothing behind its guards', () => {
  it('has a stand-in where nothing has to be valid', async () => {
    const token = await tokenOf(a.users.owner.id, { aal: 2 });
    const asked = operations.filter(({ method, kind }) => method === 'DELETE' && kind !== 'operator');
    expect(asked.length).toBeGreaterThan(8);
    reached = 0;
    for (const one of asked) await ask(one, token);
    expect(reached).toBe(asked.length);
  });

  it('called by nobody', async () => {
    expect(await differing(undefined, ({ kind }) => (kind === 'public' ? 'let in' : 'who are you'))).toEqual([]);
  });

  it('called at AAL1', async () => {
    const token = await tokenOf(a.users.owner.id, {});
    expect(await differing(token, (one) => (one.aal2 ? 'second factor' : letIn(one)))).toEqual([]);
  });

  it.each(STANDARD_ROLES)('called as %s', async (role) => {
    const held = permissionsOf(role);
    const expected = (one: Operation): string =>
      one.permission === undefined || held.includes(one.permission) ? letIn(one) : `permission ${one.permission}`;
    expect(await differing(await tokenOf(a.users[role].id, { aal: 2 }), expected)).toEqual([]);
  });

  it('called without a tenant', async () => {
    const expected = (one: Operation): string =>
      one.kind === 'member' || one.kind === 'permission' ? 'which tenant' : letIn(one);
    expect(await differing(await tokenOf(nobody.id, { aal: 2 }), expected)).toEqual([]);
  });

  it('called without the version that it changes', async () => {
    const token = await tokenOf(a.users.owner.id, { aal: 2 });
    const changing = operations.filter(({ ifMatch }) => ifMatch);
    expect(changing.length).toBeGreaterThan(8);
    for (const one of changing) {
      expect([one.name, (await ask(one, token, {})).status]).toEqual([one.name, 428]);
      // which it compares: of a route that does not, a version is refused
      expect([one.name, (await ask(one, token, { 'If-Match': '"v1"' })).status]).not.toEqual([one.name, 412]);
    }
  });
});
