import type { DomainError } from '../../errors/index.js';
import type { Marks } from './marks.js';
import { answerNotKept, keyReused, requestInFlight, secretShownOnce, sessionEnded, tooManyKeys } from './refusals.js';

/** One request with an Idempotency-Key. */
export interface Attempt extends Marks {
  /** of this attempt alone: nobody else ends it */
  readonly token: string;
  /** where the answer holds a secret: what whoever lost it does next */
  readonly secret?: string;
}

/** An answer as it was sent. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** undefined: none */
  body?: string;
}

/** What becomes of an answer: it is kept, or why not. */
export type Kept = { kept: 'answer'; answer: Answer } | { kept: 'secret' | 'large'; answer?: undefined };

/** What the database says of a key. */
export interface Met {
  outcome: 'in_flight' | 'reused' | 'full' | 'ended' | Kept['kept'] | null;
  status: number | null;
  headers: Record<string, string> | null;
  body: string | null;
}

const REFUSALS: Readonly<Record<string, (attempt: Attempt) => DomainError>> = {
  in_flight: () => requestInFlight(),
  reused: () => keyReused(),
  full: () => tooManyKeys(),
  ended: () => sessionEnded(),
  large: () => answerNotKept(),
  secret: ({ secret }) => secretShownOnce(secret ?? ''),
};

/** @returns the answer of the first request, or undefined where this is the first @throws DomainError 401, 409, 422, 429 */
export function answerOf(attempt: Attempt, met: Met | undefined): Answer | undefined {
  if (!met?.outcome) return undefined;
  const refusal = REFUSALS[met.outcome];
  if (refusal) throw refusal(attempt);
  return { status: met.status ?? 200, headers: met.headers ?? {}, body: met.body ?? undefined };
}

/** The values of the three columns of an answer. */
export const columnsOf = ({ answer }: Kept): [number | null, string | null, string | null] => [
  answer?.status ?? null,
  answer ? JSON.stringify(answer.headers) : null,
  answer?.body ?? null,
];
