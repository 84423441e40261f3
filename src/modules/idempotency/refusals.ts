import { defineProblem, type DomainError } from '../../errors/index.js';

export { requestInFlight } from '../../database/index.js';
export { sessionEnded } from '../../errors/index.js';

export const keyReused = defineProblem('idempotency_key_reused', {
  status: 422,
  meaning: 'This Idempotency-Key was sent with another request.',
  todo: 'Draw a new one for each thing that you want done.',
});

const secretGone = defineProblem('secret_shown_once', {
  status: 409,
  meaning: 'The first request with this Idempotency-Key has succeeded, and its answer held what is shown once.',
  todo: 'Do what `detail` says to have another secret.',
});
/** @param next what whoever lost the answer does */
export const secretShownOnce = (next: string): DomainError =>
  secretGone(
    `The first request with this Idempotency-Key has succeeded. Its answer held what is shown once. ${next}`.trim(),
  );

export const answerNotKept = defineProblem('answer_not_kept', {
  status: 409,
  meaning: 'The first request with this Idempotency-Key has succeeded, and its answer was too large to be kept.',
  todo: 'Read what it made.',
});

export const tooManyKeys = defineProblem('too_many_idempotency_keys', {
  status: 429,
  meaning: 'Too many Idempotency-Keys of yours are kept.',
  todo: 'Wait: they go after 24 hours.',
  extras: { retryAfterSeconds: 3600 },
});
