import { assertByContract } from './contract.js';

/** What came back; `body` is the parsed JSON, if it was JSON. */
export interface Answer<Body = any> {
  status: number;
  headers: Headers;

  body: Body;
  text: string;
}

export interface Call {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One request over real HTTP. @throws Error for an answer that the OpenAPI document does not have */
export async function call<Body = any>(
  base: string,
  method: string,
  path: string,
  { token, body, headers, signal }: Call = {},
): Promise<Answer<Body>> {
  const response = await fetch(base + path, {
    method,
    signal,
    redirect: 'manual', // the answer is checked, and where it leads is not ours
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const json = /[/+]json/.test(response.headers.get('content-type') ?? '');
  const answer = {
    status: response.status,
    headers: response.headers,
    text,
    body: (json ? JSON.parse(text) : undefined) as Body,
  };
  assertByContract({ method, path, ...answer });
  return answer;
}
