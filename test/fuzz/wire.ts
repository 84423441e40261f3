import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { Answer } from '../support/call.js';

/** A request byte by byte: what a well-behaved client would not send as well. */
export interface RawRequest {
  method: string;
  /** with its query, as it stands in the request line */
  path: string;
  headers: [name: string, value: string][];
  body?: Buffer;
  /** over a socket of its own, since no client library would send it */
  raw?: true;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const PATIENCE_MS = 20_000;

export async function sendRaw(base: string, request: RawRequest): Promise<Answer> {
  return request.raw ? overSocket(base, request) : overHttp(base, request);
}

/** Before the server closes: idle connections would hold it up. */
export const hangUp = (): void => agent.destroy();

function overHttp(base: string, { method, path, headers, body }: RawRequest): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, path, agent, setHost: true }, (incoming) => {
      answerOf(incoming).then(resolve, reject);
    });
    for (const name of new Set(headers.map(([one]) => one))) {
      const values = headers.filter(([one]) => one === name).map(([, value]) => value);
      outgoing.setHeader(name, values.length === 1 ? values[0]! : values);
    }
    const sized = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
    if (body && !sized) outgoing.setHeader('content-length', body.length);
    outgoing.setTimeout(PATIENCE_MS, () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', reject); // an answer that came before is resolved already
    outgoing.end(body);
  });
}

async function answerOf(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { rawHeaders } = incoming;
  const headers = rawHeaders.flatMap((name, n): [string, string][] => (n % 2 ? [] : [[name, rawHeaders[n + 1] ?? '']]));
  return answer(incoming.statusCode ?? 0, headers, Buffer.concat(chunks));
}

function answer(status: number, given: [string, string][], bytes: Buffer): Answer {
  const headers = new Headers();
  for (const [name, value] of given) headers.append(name, value);
  const text = bytes.toString('utf8');
  const json = /[/+]json/.test(headers.get('content-type') ?? '') && text !== '';
  let body: unknown;
  try {
    body = json ? JSON.parse(text) : undefined;
  } catch {
    body = undefined; // the judge sees that there is none
  }
  return { status, headers, text, body };
}

function overSocket(base: string, { method, path, headers, body }: RawRequest): Promise<Answer> {
  const { hostname, port, host } = new URL(base);
  const lines = [
    ['Host', host],
    ...headers,
    ['Connection', 'close'],
    ...(body ? [['Content-Length', body.length]] : []),
  ];
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.from(head, 'latin1'));
      if (body) socket.write(body);
    });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined));
    socket.on('close', () => resolve(parsed(Buffer.concat(chunks))));
  });
}

function parsed(bytes: Buffer): Answer {
  const end = bytes.indexOf('\r\n\r\n');
  const [line = '', ...rest] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const headers = rest.map((one): [string, string] => {
    const colon = one.indexOf(':');
    return [one.slice(0, colon), one.slice(colon + 1).trim()];
  });
  return answer(Number(line.split(' ')[1] ?? 0), headers, bytes.subarray(end + 4));
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The request as a line for a shell; long ones are cut, and bytes that a terminal would not show are escaped. */
export function curlOf(base: string, { method, path, headers, body }: RawRequest, most = 3_000): string {
  const shown = (text: string): string =>
    text.length > most ? `${text.slice(0, most)}...[${text.length} in all]` : text;
  const escape = (text: string): string =>
    // eslint-disable-next-line no-control-regex -- because control characters are what is escaped
    text.replace(/[\u0000-\u001f\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const parts = [
    `curl -i --path-as-is -g -X ${method}`,
    ...headers
      .map(([name, given]) => [name, given.replace(/eyJ[\w-]{20,}\.[\w.-]+/, '$TOKEN')] as const)
      .map(([name, value]) => `-H ${quoted(escape(shown(`${name}: ${value}`)))}`),
    ...(body ? [`--data-binary $${quoted(escape(shown(body.toString('utf8'))).replaceAll('\\"', '\\\\"'))}`] : []),
    quoted(escape(shown(base + path))),
  ];
  return parts.join(' ');
}
