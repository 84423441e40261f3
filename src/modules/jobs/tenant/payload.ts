import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import type { JobDefinition } from './define-job.js';

/** The payload is not what the kind of job takes. Names fields, never values. */
export class JobPayloadError extends Error {
  override name = 'JobPayloadError';
  constructor(kind: string, fields: string[], options?: ErrorOptions) {
    super(`${kind} takes another payload: ${fields.join(', ')}`, options);
  }
}

/** @param stored as JSON holds it @throws JobPayloadError for an undeclared field, too, and for what cannot be read at all */
export async function readPayload<P extends object>(job: JobDefinition<P>, stored: unknown): Promise<P> {
  try {
    return await made(job, stored);
  } catch (error) {
    if (error instanceof JobPayloadError) throw error;
    throw new JobPayloadError(job.kind, ['not to be read'], { cause: error }); // nested a thousand deep, for instance
  }
}

async function made<P extends object>({ kind, payload }: JobDefinition<P>, stored: unknown): Promise<P> {
  const instance = plainToInstance(payload, stored);
  if (typeof instance !== 'object' || Array.isArray(instance)) throw new JobPayloadError(kind, ['no object']);
  const errors = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) throw new JobPayloadError(kind, errors.map(told));
  return instance;
}

const told = ({ property, constraints }: ValidationError): string =>
  `${property.slice(0, 80)} (${Object.keys(constraints ?? { nested: true }).join(', ')})`;
