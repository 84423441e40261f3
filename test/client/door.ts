import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A request as it came to the door. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What is done with a request in place of handing it on. */
export type Mischief = (seen: Seen, response: ServerResponse, handOn: () => Promise<Response>) => unknown;

/** A real HTTP server before the application that hands requests on, or does with the next ones what it was told. */
export class Door {
  readonly seen: Seen[] = [];
  private readonly mischief: Mischief[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {}

  static async before(target: string): Promise<Door> {
    const server = createServer();
    const door = new Door(server, target);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void door.take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next requests, one each. */
  next(...mischief: Mischief[]): void {
    this.seen.length = 0;
    this.mischief.splice(0, Infinity, ...mischief);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    this.seen.push(seen);
    const handOn = (): Promise<Response> => this.handOn(seen);
    const mischief = this.mischief.shift();
    await (mischief ?? forward)(seen, response, handOn);
  }

  private handOn({ method, path, headers, body }: Seen): Promise<Response> {
    const { host: _host, connection: _connection, 'content-length': _length, ...rest } = headers;
    return fetch(this.target + path, { method, headers: rest as Record<string, string>, body: body || undefined });
  }
}

const forward: Mischief = async (_seen, response, handOn) => {
  const answer = await handOn();
  const {
    'content-encoding': _encoded,
    'transfer-encoding': _chunked,
    ...headers
  } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
};

/** The request is carried out, and the connection breaks before the answer. */
export const loseAnswer: Mischief = async (_seen, response, handOn) => {
  await (await handOn()).text();
  response.destroy();
};

/** The connection breaks before anything is done. */
export const drop: Mischief = (_seen, response) => response.destroy();

/** The connection breaks in the middle of the answer. */
export const breakOff: Mischief = async (_seen, response, handOn) => {
  const text = await (await handOn()).text();
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) });
  response.write(text.slice(0, 10), () => response.destroy());
};

export const hang: Mischief = () => undefined;

export const refuse =
  (status: number, code: string, headers: Record<string, string> = {}): Mischief =>
  (_seen, response) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
      .end(JSON.stringify({ status, code, detail: 'So it is.', title: 'No', type: 'about:blank', traceId: 'f00' }));

/** A proxy's page. */
export const badGateway: Mischief = (_seen, response) =>
  response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502</h1>');
