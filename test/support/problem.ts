import { expect } from '@jest/globals';
import { STATUS_CODES } from 'node:http';
import type { Answer } from './app.js';

/** RFC 9110 renamed two reason phrases that Node still spells the old way. */
const TITLES: Record<number, string> = { 413: 'Content Too Large', 422: 'Unprocessable Content' };

/** The answer is a valid problem of this status, and of this code if one is given. */
export function expectProblem(answer: Answer, status: number, code?: string): void {
  expect(faultOf(answer)).toBeUndefined();
  expect({ status: answer.status, code: code ?? answer.body.code, text: answer.text }).toEqual({
    status,
    code: answer.body.code,
    text: answer.text,
  });
}

/** What is wrong with an answer that should be a problem of the client's making; undefined for nothing. */
export function faultOf({ status, headers, body, text }: Answer): string | undefined {
  const faults = [
    (status < 400 || status >= 500) && status !== 503 && status !== 500 && `status ${status}`,
    !headers.get('content-type')?.startsWith('application/problem+json') && `type ${headers.get('content-type')}`,
    body?.status !== status && 'status in the body',
    body?.title !== (TITLES[status] ?? STATUS_CODES[status]) && `title ${body?.title}`,
    !/^[a-z][a-z0-9_]*$/.test(body?.code ?? '') && `code ${body?.code}`,
    body?.type !== `https://ringfence.example/problems/${body?.code}` && `type ${body?.type}`,
    !(typeof body?.detail === 'string' && body.detail.length > 0) && 'detail',
    !(typeof body?.instance === 'string' && body.instance.startsWith('/') && !body.instance.includes('?')) &&
      `instance ${body?.instance}`,
    (!/^[0-9a-f]{32}$/.test(body?.traceId ?? '') || /^0+$/.test(body?.traceId)) && `traceId ${body?.traceId}`,
    / at .*:\d+:\d+|node_modules|select |insert |update /i.test(text) && 'it tells how we are made',
  ].filter((fault) => typeof fault === 'string');
  return faults.length > 0 ? faults.join(', ') : undefined;
}

const CHANGING = ['date', 'x-request-id', 'traceparent', 'content-length', 'keep-alive'];

/** Everything that a caller can tell two answers apart by, but for what differs every time. */
export function told({ status, headers, body }: Answer): unknown {
  const { traceId: _every, ...rest } = body as Record<string, unknown>;
  return { status, headers: [...headers].filter(([name]) => !CHANGING.includes(name)), body: rest };
}
