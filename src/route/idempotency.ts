import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { defineProblem } from '../errors/index.js';
import { NotAudited } from './audit.js';

/** draft-ietf-httpapi-idempotency-key-header. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';
/** `true` on an answer that was given before. */
export const IDEMPOTENT_REPLAYED = 'Idempotent-Replayed';

export const ANSWERS_SECRET = 'ringfence:answers-secret';

/**
 * The route answers with a secret that is shown once: it is never kept, so that a repeat under the same Idempotency-Key
 * cannot have it again. It is told that the first request has succeeded, and what to do next.
 * @param next what whoever lost the answer does, as a sentence
 */
export const AnswersSecret = (next: string): MethodDecorator =>
  applyDecorators(SetMetadata(ANSWERS_SECRET, next), ApiExtension('x-answers-secret', true));

export const READS_ONLY = 'ringfence:reads-only';

/**
 * For a POST that changes nothing. Whoever repeats it asks anew, with the rights that they have by then: its answers are kept
 * under no Idempotency-Key, and it leaves nothing in the audit log.
 */
export const ReadsOnly = (): MethodDecorator => applyDecorators(SetMetadata(READS_ONLY, true), NotAudited('reads'));

export const idempotencyKeyInvalid = defineProblem('idempotency_key_invalid', {
  status: 400,
  meaning: 'The Idempotency-Key is not one key of 1 to 255 visible ASCII characters.',
  todo: 'Send one: a UUID does well.',
});

const VISIBLE = /^[\x21-\x7e]{1,255}$/;
const QUOTED = /^"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/**
 * The key of a request: 1 to 255 visible ASCII characters, plain or as a structured field's string (RFC 9651 section 3.3.3),
 * which is the same key.
 * @param given the header's values, one a line that was sent
 * @throws DomainError 400 `idempotency_key_invalid`
 */
export function parseIdempotencyKey(given: readonly string[]): string {
  const [sent = '', ...more] = given;
  const key = sent.startsWith('"') ? QUOTED.exec(sent)?.[1]?.replace(/\\(.)/g, '$1') : sent;
  if (more.length > 0 || key === undefined || !VISIBLE.test(key)) throw idempotencyKeyInvalid();
  return key;
}

/** How the OpenAPI document describes the header, on every POST. */
export const IDEMPOTENCY_PARAMETER = {
  name: IDEMPOTENCY_KEY,
  in: 'header',
  required: false,
  description:
    'Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 ' +
    'hours and for the same caller. Draw a new random key for each thing that you want done.',
  schema: { type: 'string', minLength: 1, maxLength: 255, examples: ['0d5f7c1e-8a54-4f6b-9d43-2f1c0a7b6e90'] },
};
