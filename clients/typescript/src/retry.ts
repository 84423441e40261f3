import { ConnectionError, type ProblemError } from './errors.js';

export interface RetryOptions {
  /** how often a request is sent at most; 1 is never again. Default 4 */
  attempts?: number;
  /** longest wait before the next attempt, in milliseconds; a longer Retry-After is thrown instead. Default 60,000 */
  maxDelayMs?: number;
  /** wait before the second attempt where the server names none, in milliseconds; doubles with each. Default 250 */
  baseDelayMs?: number;
}

/** What of a request decides whether it may be sent again. */
export interface Sent {
  method: string;
  path: string;
  idempotencyKey: string | null;
}

const REFRESH = '/v1/auth/refresh';
const IN_FLIGHT = 'request_in_flight';

/** Sign-in and second factor: a repeat could be a second guess, and whoever waits is a person. */
export const isSignIn = ({ path }: Pick<Sent, 'path'>): boolean => path.startsWith('/v1/auth/');

/** A repeat has the effect of one request. The server answers a repeated refresh with the same tokens for ten seconds. */
function isRepeatable({ method, path, idempotencyKey }: Sent): boolean {
  return method === 'GET' || method === 'HEAD' || idempotencyKey !== null || path.endsWith(REFRESH);
}

/** @returns milliseconds to wait before this request is sent again; undefined: it is not, throw the error */
export function delayBeforeRetry(
  sent: Sent,
  error: ProblemError | ConnectionError,
  attempt: number,
  { attempts = 4, maxDelayMs = 60_000, baseDelayMs = 250 }: RetryOptions = {},
): number | undefined {
  if (attempt >= attempts || !mayRepeat(sent, error)) return undefined;
  const backOff = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
  const asked = error instanceof ConnectionError ? undefined : error.retryAfter;
  if (asked === undefined) return backOff * (0.5 + Math.random() / 2);
  if (asked * 1000 > maxDelayMs) return undefined;
  return asked * 1000 + backOff * Math.random(); // never sooner; not all at the same moment
}

function mayRepeat(sent: Sent, error: ProblemError | ConnectionError): boolean {
  if (error instanceof ConnectionError) return isRepeatable(sent);
  // refused before anything was done, so that any method may come again
  if (error.status === 429) return !isSignIn(sent) || isRepeatable(sent);
  // 502 and 504 are a proxy's, and 503 may be: what became of the request is not known
  if ([502, 503, 504].includes(error.status)) return isRepeatable(sent);
  // the attempt before is still under way; its answer comes when it has ended
  return sent.idempotencyKey !== null && error.code === IN_FLIGHT;
}

/** @throws the reason of the signal when it is aborted meanwhile */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', aborted);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', aborted, { once: true });
  });
}
