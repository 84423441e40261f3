import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, as it arrived. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answerer = (response: ServerResponse, received: Received) => void;

/** Answers with a status, and nothing else. */
export const status =
  (code: number, headers: Record<string, string> = {}): Answerer =>
  (response) =>
    void response.writeHead(code, headers).end();

/** A partner's endpoint: a real server, which answers 204 until it is told otherwise. */
export class Receiver {
  readonly requests: Received[] = [];
  answer: Answerer = status(204);

  private constructor(
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  /** @param host where it listens */
  static async start(host = '127.0.0.1'): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const received = { path: request.url ?? '', headers: request.headers, body };
        receiver.requests.push(received);
        receiver.answer(response, received);
      });
    });
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(`http://${host}:${port}/hook`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return receiver;
  }

  /** Forgets what came, and answers 204 again. */
  reset(): void {
    this.requests.length = 0;
    this.answer = status(204);
  }
}
