import { validationFailed } from '../errors/index.js';

/**
 * What a PATCH changes: the fields that were sent.
 * @throws DomainError 400 where there are none
 */
export function changesOf<T extends object>(request: T): Partial<T> {
  const sent = Object.entries(request).filter(([, value]) => value !== undefined);
  if (sent.length === 0) throw validationFailed('Name at least one field to change.');
  return Object.fromEntries(sent) as Partial<T>;
}
