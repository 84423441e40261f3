import { toProblem } from '../../errors/index.js';
import { PROBLEM_MEANINGS, PROBLEM_MEDIA } from '../../route/index.js';
import { header, LIMITS, TRACING } from './headers.js';
import type { Answer } from './types.js';

const NAMES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'NotAuthenticated',
  403: 'Forbidden',
  404: 'NotFound',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'ContentTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Unprocessable',
  428: 'PreconditionRequired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'Unavailable',
};

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Components: the problem of each status, with the headers that come with it. */
export const problemComponents = (): Record<string, Answer> =>
  Object.fromEntries(Object.keys(PROBLEM_MEANINGS).map((status) => [nameOf(Number(status)), inline(Number(status))]));

/** The component, with the route's own words where it has some. @throws Error for a status that has no component */
export function problemAnswer(status: number, description?: string): Answer {
  const $ref = `#/components/responses/${nameOf(status)}`;
  const [meaning] = PROBLEM_MEANINGS[status] ?? [];
  return description === undefined || description === meaning ? { $ref } : { $ref, description };
}

/** The problem of a status in full. */
export function inline(status: number, description?: string, more: Record<string, object> = {}): Answer {
  const [meaning, code] = PROBLEM_MEANINGS[status] ?? [nameOf(status), 'x'];
  const example = toProblem({ status, code, detail: meaning, extras: {} }, '/v1/deals', TRACE_ID);
  return {
    description: description ?? meaning,
    headers: { ...TRACING, ...LIMITS, ...headersOf(status), ...more },
    content: { [PROBLEM_MEDIA]: { schema: { $ref: '#/components/schemas/Problem' }, example } },
  };
}

function headersOf(status: number): Record<string, object> {
  if (status === 401) return header('WWW-Authenticate');
  if (status === 429 || status === 503) return header('Retry-After');
  return status === 409 ? header('Retry-After', 'Retry-After-Maybe') : {};
}

function nameOf(status: number): string {
  const name = NAMES[status];
  if (!name) throw new Error(`No problem of status ${status} is described: add it to src/route/problems.ts.`);
  return name;
}
