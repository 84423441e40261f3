import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import type { JobDefinition } from './define-job.js';

/** The payload is not what the kind of job takes. Names fields, never values. */
export class JobPayloadError extends Error {
  override name = 'JobPayloadError';
  constructor(kind: string, fields: string[]) {
    super(`${kind} takes another payload: ${fields.join(', ')}`);
  }
}

/** @param stored as JSON holds it @throws JobPayloadError for an undeclared field, too */
export async function readPayload<P extends object>({ kind, payload }: JobDefinition<P>, stored: unknown): Promise<P> {
  const made = plainToInstance(payload, stored);
  if (typeof made !== 'object' || Array.isArray(made)) throw new JobPayloadError(kind, ['no object']);
  const errors = await validate(made, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) throw new JobPayloadError(kind, errors.map(told));
  return made;
}

const told = ({ property, constraints }: ValidationError): string =>
  `${property.slice(0, 80)} (${Object.keys(constraints ?? { nested: true }).join(', ')})`;
