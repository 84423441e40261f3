import type { Problem } from './generated/types.gen.js';

/** One field or parameter that was refused, and why. */
export interface FieldError {
  field: string;
  message: string;
}

/**
 * The server refused: application/problem+json (RFC 9457). Decide by `code`, which is stable; `detail` is for people.
 * Holds nothing of what was sent, so that it may be logged.
 */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly status: number;
  /** snake_case; `http_<status>` for an answer that is no problem (a proxy's, for instance) */
  readonly code: string;
  readonly detail: string;
  /** what the server's log calls this request; undefined for an answer that is no problem */
  readonly traceId: string | undefined;
  /** path of the request, without its query */
  readonly instance: string | undefined;
  /** the fields that a 400 or 422 is about */
  readonly errors: readonly FieldError[];
  readonly missingPermission: string | undefined;
  readonly requiredAal: 'aal2' | undefined;

  constructor(
    problem: Partial<Problem> & { status: number },
    /** seconds, from Retry-After */
    readonly retryAfter?: number,
  ) {
    const code = problem.code ?? `http_${problem.status}`;
    const detail = problem.detail ?? 'The answer is no problem document.';
    super(`${problem.status} ${code}: ${detail}`);
    this.status = problem.status;
    this.code = code;
    this.detail = detail;
    this.traceId = problem.traceId;
    this.instance = problem.instance;
    this.errors = problem.errors ?? [];
    this.missingPermission = problem.missingPermission;
    this.requiredAal = problem.requiredAal;
  }
}

/** 403 `aal2_required`: give a second factor (`verifyFactor`, `verifyPasskey`), adopt the tokens, call again. */
export class StepUpRequiredError extends ProblemError {
  override name = 'StepUpRequiredError';
}

/** No answer came, or half of one. Whether the request was carried out is not known; `cause` says what happened. */
export class ConnectionError extends Error {
  override name = 'ConnectionError';
  constructor(
    readonly timedOut: boolean,
    options?: ErrorOptions,
  ) {
    super(timedOut ? 'The server did not answer in time.' : 'The connection to the server failed.', options);
  }
}

/** What an answer that is not 2xx says. Reads its body. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const said = await response.text().then(parsed, () => undefined);
  const problem = { ...said, status: response.status };
  const Kind = problem.code === 'aal2_required' ? StepUpRequiredError : ProblemError;
  return new Kind(problem, secondsOf(response.headers.get('retry-after')));
}

function parsed(text: string): Partial<Problem> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'code' in value ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** Retry-After (RFC 9110 section 10.2.3): seconds, or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const seconds = header.endsWith('GMT') ? (Date.parse(header) - Date.now()) / 1000 : NaN;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
