import { expect } from '@jest/globals';
import { STATUS_CODES } from 'node:http';
import type { Answer } from './app.js';

/** RFC 9110 renamed two reason phrases that Node still spells the old way. */
const TITLES: Record<number, string> = { 413: 'Content Too Large', 422: 'Unprocessable Content' };

/** What is wrong with a problem (RFC 9457, with our members); empty for nothing. */
export function faultsOf({ status, headers, body, text }: Answer): string[] {
  if (!headers.get('content-type')?.startsWith('application/problem+json')) {
    return [`no problem: ${status} ${headers.get('content-type')} ${text.slice(0, 200)}`];
  }
  const instance = body.instance;
  return [
    body.status !== status && 'status in the body',
    body.title !== (TITLES[status] ?? STATUS_CODES[status]) && `title ${body.title}`,
    !/^[a-z][a-z0-9_]*$/.test(body.code ?? '') && `code ${body.code}`,
    body.type !== `https://ringfence.example/problems/${body.code}` && `type ${body.type}`,
    !(typeof body.detail === 'string' && body.detail.length > 0) && 'detail',
    !(typeof instance === 'string' && instance.startsWith('/') && !instance.includes('?')) && `instance ${instance}`,
    (!/^[0-9a-f]{32}$/.test(body.traceId ?? '') || /^0+$/.test(body.traceId)) && `traceId ${body.traceId}`,
    / at .*:\d+:\d+|node_modules|\b(select|insert|update|delete) .* (from|into|set) /i.test(text) &&
      'it tells how we are made',
  ].filter((fault) => typeof fault === 'string');
}

/** The answer is a valid problem of this status, and of this code if one is given. */
export function expectProblem(answer: Answer, status: number, code?: string): void {
  expect([answer.status, code && answer.body?.code, ...faultsOf(answer)]).toEqual([status, code]);
}

/** What is wrong with an answer that should refuse what the client did; empty for nothing. */
export function refusalFaults(answer: Answer, status?: number): string[] {
  const right = status === undefined ? answer.status >= 400 && answer.status < 500 : answer.status === status;
  return [...(right ? [] : [`status ${answer.status} ${answer.text.slice(0, 200)}`]), ...faultsOf(answer)];
}

const CHANGING = ['date', 'x-request-id', 'traceparent', 'content-length', 'keep-alive', 'ratelimit'];

/** Everything that a caller can tell two answers apart by, but for what differs every time. */
export function told({ status, headers, body }: Answer): unknown {
  const { traceId: _every, ...rest } = body as Record<string, unknown>;
  return { status, headers: [...headers].filter(([name]) => !CHANGING.includes(name)), body: rest };
}
