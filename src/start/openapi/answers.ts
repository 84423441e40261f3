import { ANSWER_HEADERS, type AnswerHeader } from '../../route/index.js';
import { DEPRECATION, header, LIMITS, TRACING } from './headers.js';
import { inline, problemAnswer } from './problem-answers.js';
import type { Answer, Operation, Place, Schema } from './types.js';

/** What a success is called where the route does not say. */
const SUCCESSES: Readonly<Record<string, string>> = {
  200: 'Done, with what was asked for.',
  201: 'Made.',
  202: 'Taken up, to be done later.',
  204: 'Done. There is no body.',
  303: 'The answer is elsewhere: follow Location with GET.',
  304: 'Not changed since the ETag that If-None-Match names.',
};

/** What the way of every request answers with, before the route or behind it. */
export function pipelineStatuses({ path, method, operation }: Place): number[] {
  const versioned = path.startsWith('/v1/');
  const signedIn = (operation.security ?? []).length > 0;
  return [
    ...[400, 413, 415, 500],
    ...(versioned ? [406, 429, 503] : []),
    ...(signedIn ? [401, 403] : []),
    ...(operation['x-operator'] ? [404] : []), // a server that is not for operators has none of their routes
    ...(versioned && method !== 'get' ? [409] : []), // another change at the same moment
    ...(versioned && /patch|put|delete/.test(method) ? [412] : []), // If-Match, also where no version is shown
    ...(versioned && method === 'post' ? [409, 422] : []), // Idempotency-Key
    ...(method === 'get' && namedHeaders(operation).includes('ETag') ? [304] : []),
  ];
}

/** The answers of an operation: what it documents, what the way adds, and the headers of both. */
export function answersOf(place: Place, schemas: Record<string, Schema>): Record<string, Answer> {
  const { operation } = place;
  const answers: Record<string, Answer> = {};
  const statuses = new Set([...Object.keys(operation.responses).map(Number), ...pipelineStatuses(place)]);
  for (const status of [...statuses].sort((one, other) => one - other)) {
    const own = operation.responses[status];
    answers[status] = status < 400 ? success(status, own ?? {}, place, schemas) : problem(status, own, operation);
  }
  return answers;
}

function success(status: number, own: Answer, place: Place, schemas: Record<string, Schema>): Answer {
  const { path, method, operation } = place;
  return {
    ...own,
    description: own.description || SUCCESSES[status] || 'Done.',
    headers: {
      ...TRACING,
      ...(path.startsWith('/v1/') ? LIMITS : {}),
      ...(path.startsWith('/v1/') && method === 'post' ? header('Idempotent-Replayed') : {}),
      ...(operation.deprecated ? DEPRECATION : {}),
      ...(isPage(own, schemas) ? header('Link') : {}),
      ...Object.fromEntries(namedHeaders(operation).flatMap((name) => Object.entries(header(name)))),
      ...own.headers,
    },
  };
}

/** What the route says of its answer's headers. */
export const namedHeaders = (operation: Operation): AnswerHeader[] =>
  (operation[ANSWER_HEADERS] as AnswerHeader[] | undefined) ?? [];

/** A list whose pages lead on: told by its answer. */
function isPage({ content }: Answer, schemas: Record<string, Schema>): boolean {
  const name = content?.['application/json']?.schema?.$ref?.split('/').at(-1) ?? '';
  return schemas[name]?.properties?.['nextCursor'] !== undefined;
}

/** By reference, with the route's own words where it has some. */
function problem(status: number, own: Answer | undefined, { deprecated }: Operation): Answer {
  if (deprecated) return inline(status, own?.description, DEPRECATION);
  return problemAnswer(status, own?.description);
}
