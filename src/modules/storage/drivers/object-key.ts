import { randomUUID } from 'node:crypto';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEY = new RegExp(`^${UUID}/${UUID}/${UUID}$`);
const PREFIX = new RegExp(`^${UUID}(?:/${UUID})?$`);

/** A key that no part of ours made. Never the client's fault: they do not get to name one. */
export class ForeignKeyError extends Error {
  override name = 'ForeignKeyError';
  constructor() {
    super('an object key is <tenant>/<file>/<object>, three UUIDs in lower case');
  }
}

/** A new key for one object of a file: never used before, so nothing is ever written over. */
export const newObjectKey = (tenantId: string, fileId: string): string =>
  assertKey(`${tenantId}/${fileId}/${randomUUID()}`);

export const isKey = (text: string): boolean => KEY.test(text);

/** @throws ForeignKeyError for anything but three UUIDs: no `..`, no second spelling, nothing to escape */
export function assertKey(key: string): string {
  if (!isKey(key)) throw new ForeignKeyError();
  return key;
}

/** Of a listing: everything (`''`), a tenant, or a file of it. @throws ForeignKeyError */
export function assertPrefix(prefix: string): string {
  if (prefix !== '' && !PREFIX.test(prefix)) throw new ForeignKeyError();
  return prefix;
}
