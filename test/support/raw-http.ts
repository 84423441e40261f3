import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { Answer } from './app.js';
import { assertByContract } from './contract.js';

/**
 * A request that fetch would not send: bytes as they are, a body on GET, a path or a header as it stands. Its answer is checked
 * against the OpenAPI document, as every call's is.
 */
export function send(
  base: string,
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent: false },
      (incoming) => {
        answerOf(incoming)
          .then((answer) => {
            assertByContract({ method, path, ...answer });
            return answer;
          })
          .then(resolve, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function answerOf(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.append(name, String(value));
  const json = /json/.test(headers.get('content-type') ?? '');
  return { status: incoming.statusCode ?? 0, headers, text, body: json ? JSON.parse(text) : undefined };
}

/** Bytes to the server's port, and what it says until it hangs up. */
export function converse(base: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
