import type { TestDatabase } from './database.js';
import { PASSWORD } from './world.js';
import { randomUUID } from 'node:crypto';

export type Bad = [what: string, body: string | Buffer, status?: number];

/** An operation that takes a body; `fields` says how long each may be, or that it is optional. */
export interface Operation {
  method: string;
  path: string;
  good: (refreshToken: string) => Record<string, unknown>;
  fields: Record<string, { max?: number; optional?: true }>;
}

export const deal = { title: 'x', amount: '1', currency: 'EUR', stage: 'lead', visibility: 'public' };
const optional = true;
const dealFields = { title: { max: 200 }, amount: {}, currency: {}, stage: {}, visibility: {} };

/** Every operation with a body, and one that takes none. */
export function operations({ world: { a, both } }: TestDatabase): { withBody: Operation[]; logout: Operation } {
  return {
    logout: { method: 'POST', path: '/v1/auth/logout', good: () => ({}), fields: {} },
    withBody: [
      {
        method: 'POST',
        path: '/v1/auth/login',
        good: () => ({ email: both.email, password: PASSWORD, tenant: 'alpha' }),
        fields: { email: { max: 254 }, password: { max: 512 }, tenant: { max: 64, optional } },
      },
      {
        method: 'POST',
        path: '/v1/auth/refresh',
        good: (refreshToken) => ({ refreshToken }),
        fields: { refreshToken: { max: 128 } },
      },
      {
        method: 'POST',
        path: '/v1/auth/switch-tenant',
        good: () => ({ tenant: 'alpha' }),
        fields: { tenant: { max: 64 } },
      },
      {
        method: 'POST',
        path: '/v1/deals',
        good: () => deal,
        fields: { ...dealFields, stage: { optional }, visibility: { optional } },
      },
      {
        method: 'PATCH',
        path: `/v1/deals/${a.deals['owner-public']}`,
        good: () => deal,
        fields: Object.fromEntries(Object.entries(dealFields).map(([name, field]) => [name, { ...field, optional }])),
      },
    ],
  };
}

const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Bodies that are wrong whatever the operation takes; `rest` is a good body without its braces. */
export function hostile(rest: string): Bad[] {
  const with_ = (more: string): string => `{${[rest, more].filter(Boolean).join(',')}}`;
  const surplus = ['tenantId', 'tenant_id', 'ownerId', 'owner_id', 'role', 'roleId', 'aal', 'id', 'version', 'isAdmin'];
  return [
    ...surplus.map((name): Bad => [`the field ${name}`, with_(`"${name}":"${randomUUID()}"`)]),
    ...[
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'valueOf',
      '__defineGetter__',
      '',
      'a.b',
      '$ne',
      'é',
    ].map((name): Bad => [`the key ${name}`, with_(`"${name}":{"aal":"aal2"}`)]),
    ['__proto__ that is empty', with_('"__proto__":{}')],
    ['__proto__ spelt with escapes', with_('"\\u005f_proto__":{"a":1}')],
    ['U+0000 in a key', with_('"a\\u0000":1')],
    ['a lone surrogate in a key', with_('"\\ud800":1')],
    ['10,000 levels of arrays', with_(`"deep":${deep(10_000)}`)],
    ['100,000 levels of arrays', deep(100_000)],
    ['10,000 levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ...['[]x', '{', '{"a"}', "{'a':1}", '{"a":1,}', 'nonsense', '{"a":\u0001}', '{"a":NaN}', '{}{}'].map(
      (text): Bad => [`broken JSON ${JSON.stringify(text)}`, text],
    ),
    ...['"text"', '1', 'true', 'null', '[1]', '["a"]'].map((text): Bad => [`a body that is ${text}`, text]),
    ['an array of good bodies', `[{${rest || '"a":1'}}]`],
    ['invalid UTF-8', Buffer.concat([Buffer.from(`{"a":"`), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')])],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['a surrogate in UTF-8', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['300 kB', with_(`"a":"${'x'.repeat(300_000)}"`), 413],
  ];
}
