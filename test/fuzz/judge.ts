import type { Answer } from '../support/call.js';
import { checkAnswer } from '../support/contract.js';
import { faultsOf } from '../support/problem.js';
import type { Base, Case } from './cases.js';
import type { RawRequest } from './wire.js';

/** What may answer before a route is met: the server's parser, the router, the body's reader. */
const BEFORE_ROUTING = [400, 404, 405, 406, 413, 414, 415, 431];
/** Names of fields whose values nobody repeats. */
const SECRET = /password|token|secret|code|verifier|credential|key$/i;

/** What is wrong with an answer, by the contract; empty for nothing. */
export function faultsOfAnswer(one: Case, base: Base, request: RawRequest, answer: Answer): string[] {
  const { status, headers, text } = answer;
  const { operation } = base;
  const early = one.unrouted && BEFORE_ROUTING.includes(status);
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304;
  return [
    status >= 500 && `${status} ${answer.body?.code ?? text.slice(0, 200)}`,
    status < 200 && `status ${status}`,
    one.refused && status < 400 && `accepted, although it is against the contract: ${status}`,
    !early && isOperations(request, base) && !operation.statuses.has(status) && `${status} ${answer.body?.code} is not documented`,
    ...(status >= 400 && !bodiless ? faultsOf(answer) : []),
    ...(early ? [] : documented(request, answer)),
    headers.has('x-injected') && 'a header was injected',
    !/^[\w.-]{1,64}$/.test(headers.get('x-request-id') ?? '') && !early && `X-Request-Id ${headers.get('x-request-id')}`,
    bodiless && text !== '' && 'a body where none is due',
    ...(status >= 400 ? echoed(base, request, text) : []),
    /\.[cm]?[jt]s:\d+:\d+|SQLSTATE|\bpg_|node_modules/.test(text) && status >= 400 && 'it tells how we are made',
  ].filter((fault) => typeof fault === 'string'); // prettier-ignore
}

/** HEAD is GET's, OPTIONS the router's; other methods of the path are no operation's. */
const isOperations = ({ method }: RawRequest, { operation }: Base): boolean => method === operation.method;

function documented({ method, path }: RawRequest, { status, headers, body, text }: Answer): string[] {
  return checkAnswer({ method, path, status, headers, body, text });
}

/** Secrets that were sent and came back. */
function echoed({ body }: Base, { headers }: RawRequest, text: string): (string | false)[] {
  const sent = Object.entries(body ?? {}).filter(([name, value]) => SECRET.test(name) && typeof value === 'string');
  const bearer = headers.find(([name]) => name === 'authorization')?.[1].split(' ')[1] ?? '';
  return [
    ...sent.map(
      ([name, value]) => (value as string).length >= 8 && text.includes(value as string) && `it repeats ${name}`,
    ),
    bearer.length >= 20 && text.includes(bearer) && 'it repeats the credential',
  ];
}
