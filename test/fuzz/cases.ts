import type { Operation } from './operations.js';
import type { RawRequest } from './wire.js';

/** A valid request of an operation, before it is broken. */
export interface Base {
  operation: Operation;
  /** by the names of the path's parameters */
  path: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: Record<string, unknown>;
}

/** One way to break a request, or to leave it whole. */
export interface Case {
  /** the family that it belongs to: a slice takes one of each */
  kind: string;
  what: string;
  /** what it may not be: accepted. Where it is absent, any documented answer is right */
  refused?: true;
  /** it may end before a route is met, so that the answer is the pipeline's and not the operation's */
  unrouted?: true;
  make(base: Base, authorization: string | undefined): RawRequest;
}

/** What differs from the valid request; everything that is named replaces. */
export interface Change {
  method?: string;
  path?: Record<string, string>;
  /** as it stands behind the question mark */
  query?: string;
  headers?: [name: string, value: string][];
  /** names in lower case */
  without?: string[];
  body?: string | Buffer;
  contentType?: string;
  authorization?: string;
  raw?: true;
}

export const fill = (template: string, values: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'missing');

const pairs = (query: Record<string, string>): string[] =>
  Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);

/** The query of the valid request, without one parameter, and with more. */
export const queryWith = (base: Base, more: string, without?: string): string => {
  const { [without ?? '']: _gone, ...kept } = base.query;
  return [...pairs(kept), more].filter(Boolean).join('&');
};

export function requestOf(base: Base, authorization: string | undefined, change: Change = {}): RawRequest {
  const { operation } = base;
  const escaped = Object.fromEntries(
    Object.entries(base.path).map(([name, value]) => [name, encodeURIComponent(value)]),
  );
  const query = change.query ?? pairs(base.query).join('&');
  const given = change.headers ?? [];
  const named = new Set([...given.map(([name]) => name.toLowerCase()), ...(change.without ?? [])]);
  const bearer = change.authorization ?? (authorization === undefined ? undefined : `Bearer ${authorization}`);
  const body = bodyOf(base, change);
  const standard: [string, string][] = [
    ...(bearer === undefined ? [] : [['authorization', bearer] as [string, string]]),
    ...Object.entries(base.headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]),
    ...(body === undefined ? [] : [['content-type', change.contentType ?? 'application/json'] as [string, string]]),
  ];
  return {
    method: change.method ?? operation.method,
    path: fill(operation.path, { ...escaped, ...change.path }) + (query ? `?${query}` : ''),
    headers: [...standard.filter(([name]) => !named.has(name)), ...given],
    ...(body === undefined ? {} : { body }),
    ...(change.raw ? { raw: true as const } : {}),
  };
}

function bodyOf(base: Base, change: Change): Buffer | undefined {
  if (change.body !== undefined) return Buffer.isBuffer(change.body) ? change.body : Buffer.from(change.body);
  return base.body === undefined ? undefined : Buffer.from(JSON.stringify(base.body));
}

/** A case that changes what it is told to, given the valid request. */
export const broken = (
  kind: string,
  what: string,
  change: (base: Base) => Change,
  marks: Pick<Case, 'refused' | 'unrouted'> = {},
): Case => ({
  kind,
  what,
  ...marks,
  make: (base, authorization) => requestOf(base, authorization, change(base)),
});

export const REFUSED = { refused: true } as const;
export const UNROUTED = { unrouted: true } as const;
