import type { Credential } from './credentials.js';
import { ConnectionError, type ProblemError, problemOf } from './errors.js';
import { delayBeforeRetry, isSignIn, pause, type RetryOptions, type Sent } from './retry.js';

export interface Deprecation {
  method: string;
  /** path of the request */
  path: string;
  /** since when, or when it will be (RFC 9745) */
  deprecatedAt: Date | undefined;
  /** from when on it may be gone (RFC 8594) */
  sunset: Date | undefined;
  /** Link header, which says where to read more */
  link: string | undefined;
}

export interface TransportOptions {
  /** how long one attempt may take until the answer is there, in milliseconds. Default 30,000 */
  timeoutMs?: number;
  retry?: RetryOptions;
  /** called for each answer of an operation that will go */
  onDeprecated?: (deprecation: Deprecation) => void;
  /** in place of the global `fetch` */
  fetch?: typeof globalThis.fetch;
}

/** Stands in requests for the token, which is put in when one is sent: a request that is logged shows none. */
export const TOKEN = 'put-in-when-sent';

/** A request that can be sent again. */
interface Call extends Sent {
  url: string;
  headers: Headers;
  body: ArrayBuffer | undefined;
  redirect: Request['redirect'];
  signal: AbortSignal;
  authorized: boolean;
}

/** A `fetch` that signs in, tries again where that is safe, and throws for every answer that is not 2xx. */
export function createTransport(options: TransportOptions, credential?: Credential): typeof globalThis.fetch {
  return async (input, init) => {
    const call = await callOf(new Request(input, init));
    let renewed = false;
    for (let attempt = 1; ;) {
      const token = call.authorized ? credential?.token() : undefined;
      const outcome = await attempted(call, token, options);
      if (outcome instanceof Response) return told(call, outcome, options);
      if (!renewed && token !== undefined && isRefusedToken(outcome)) {
        renewed = true;
        if (await credential?.renew(token)) continue;
      }
      const delay = delayBeforeRetry(call, outcome, attempt, options.retry);
      if (delay === undefined) throw outcome;
      await pause(delay, call.signal);
      attempt += 1;
    }
  };
}

async function callOf(request: Request): Promise<Call> {
  const headers = new Headers(request.headers);
  const { method, url, redirect, signal } = request;
  const path = new URL(url).pathname;
  if (method === 'POST' && !isSignIn({ path }) && !headers.has('idempotency-key')) {
    headers.set('idempotency-key', crypto.randomUUID());
  }
  const authorized = headers.get('authorization') === `Bearer ${TOKEN}`;
  if (authorized) headers.delete('authorization');
  const idempotencyKey = headers.get('idempotency-key');
  const body = request.body === null ? undefined : await request.arrayBuffer();
  return { method, url, redirect, signal, headers, path, authorized, idempotencyKey, body };
}

/** @throws the reason of the caller's signal */
async function attempted(
  call: Call,
  token: string | undefined,
  { timeoutMs = 30_000, fetch = globalThis.fetch }: TransportOptions,
): Promise<Response | ProblemError | ConnectionError> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  const headers = new Headers(call.headers);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const { method, body, redirect } = call;
  const signal = AbortSignal.any([call.signal, late.signal]);
  try {
    const response = await fetch(call.url, { method, headers, body, redirect, signal });
    return response.ok ? await whole(response) : await problemOf(response);
  } catch (error) {
    call.signal.throwIfAborted();
    return new ConnectionError(late.signal.aborted, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** JSON is read here, so that an answer that breaks off counts as none. What is streamed is handed on as it comes. */
async function whole(response: Response): Promise<Response> {
  if (!/^application\/json\b/.test(response.headers.get('content-type') ?? '')) return response;
  const { status, statusText, headers } = response;
  return new Response(await response.arrayBuffer(), { status, statusText, headers });
}

/** 401 for the token itself; a wrong password or code is 401, too, and no new token makes it right. */
const isRefusedToken = (error: ProblemError | ConnectionError): boolean =>
  'status' in error &&
  error.status === 401 &&
  ['not_authenticated', 'token_void', 'session_ended'].includes(error.code);

function told({ method, path }: Call, response: Response, { onDeprecated }: TransportOptions): Response {
  const { headers } = response;
  const since = headers.get('deprecation');
  const sunset = headers.get('sunset');
  if (since !== null || sunset !== null) {
    const deprecatedAt = since?.startsWith('@') ? new Date(Number(since.slice(1)) * 1000) : undefined;
    const link = headers.get('link') ?? undefined;
    onDeprecated?.({ method, path, deprecatedAt, sunset: sunset ? new Date(sunset) : undefined, link });
  }
  return response;
}
