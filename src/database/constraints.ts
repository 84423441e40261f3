import type { DomainError } from '../errors/index.js';

const refusals = new Map<string, () => DomainError>();

/**
 * Says what a caller is told who runs into a constraint of the database, instead of the general answer to its kind
 * (`already_exists`, `reference_conflict`, `invalid_value`): beside the problem, in the feature that owns the table.
 * @param constraint its name, or a unique index's; one name means one table's
 * @throws Error for one that is declared twice
 */
export function defineConstraint(constraint: string, refuse: () => DomainError): void {
  if (refusals.has(constraint)) throw new Error(`constraint ${constraint} is declared twice`);
  refusals.set(constraint, refuse);
}

export const refusalOfConstraint = (constraint: string): (() => DomainError) | undefined => refusals.get(constraint);
