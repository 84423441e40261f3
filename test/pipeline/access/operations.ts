import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Answer, TestApp } from '../../support/app.js';

/** An operation of the contract, and what it says of who may call it. */
export interface Operation {
  name: string;
  method: string;
  path: string;
  kind: 'public' | 'session' | 'member' | 'operator' | 'permission';
  permission?: string;
  aal2: boolean;
  maxAge?: number;
  /** it changes a version that is to be named */
  ifMatch: boolean;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** All that openapi.json has; ids in paths are of nothing. */
export function operationsOfContract(): Operation[] {
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, any> };
  return Object.entries<Record<string, any>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: path.replace(/\{\w+\}/g, () => randomUUID()),
        kind: kindOf(operation),
        permission: operation['x-permission'],
        aal2: operation['x-aal'] === 'aal2',
        maxAge: operation['x-aal-max-age'],
        ifMatch: '428' in operation['responses'],
      })),
  );
}

function kindOf(operation: Record<string, any>): Operation['kind'] {
  if (operation['security'].length === 0) return 'public';
  if (operation['x-operator']) return 'operator';
  if (operation['x-member']) return 'member';
  return operation['x-permission'] ? 'permission' : 'session';
}

/** It has a body. */
export const says = ({ method }: Operation): boolean => method !== 'GET' && method !== 'DELETE';

export const call = (app: TestApp, operation: Operation, token?: string): Promise<Answer> =>
  app.call(operation.method, operation.path, {
    token,
    body: says(operation) ? {} : undefined,
    headers: { 'If-Match': '*' },
  });

/** What of an answer is about access; anything else is the route's own business. */
export function verdict({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  const code: string | undefined = body?.code;
  if (status === 401 && (code === 'not_authenticated' || code === 'session_ended')) return 'who are you';
  if (status === 403 && code === 'aal2_required') return 'second factor';
  if (status === 403 && code === 'tenant_required') return 'which tenant';
  if (status === 403 && code === 'not_an_operator') return 'operators only';
  if (status === 403 && code === 'permission_missing') return `permission ${body.missingPermission}`;
  if (status >= 500) return `${status} ${code}`;
  return 'let in';
}
