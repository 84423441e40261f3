import type { DomainError, ProblemExtras } from './domain-error.js';

/** application/problem+json (RFC 9457) with this project's members. */
export interface Problem extends Omit<ProblemExtras, 'retryAfterSeconds'> {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  traceId: string;
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/**
 * @param instance the path of the request, without its query (a query may carry what should not be repeated)
 * @param traceId what the log calls this request
 */
export function toProblem(
  error: Pick<DomainError, 'status' | 'code' | 'detail' | 'extras'>,
  instance: string,
  traceId: string,
): Problem {
  const { retryAfterSeconds: _header, ...extras } = error.extras;
  return {
    type: `https://ringfence.example/problems/${error.code}`,
    title: TITLES[error.status] ?? 'Error',
    status: error.status,
    detail: error.detail,
    instance,
    code: error.code,
    traceId,
    ...extras,
  };
}
