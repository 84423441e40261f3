import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a server, at a port that stays: lets bytes through, slowly, or nobody in. */
export class TcpProxy {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  private readonly dead = new WeakSet<Socket>();
  port = 0;
  /** milliseconds that each piece waits */
  delay = 0;
  /** swallows all of it, and says nothing, like a cable that is cut */
  silent = false;

  constructor(public target: number) {}

  async open(): Promise<void> {
    this.server = createServer((client) => this.join(client));
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const gone = this.server && once(this.server.close(), 'close');
    this.sockets.forEach((socket) => socket.destroy());
    await gone;
    this.server = undefined;
  }

  /** Those that are connected now are never heard of again, and neither are those that come while `silent` is set. */
  swallow(): void {
    this.silent = true;
    this.sockets.forEach((socket) => this.dead.add(socket));
  }

  private join(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    if (this.silent) [client, server].forEach((socket) => this.dead.add(socket));
    for (const [from, to] of [[client, server], [server, client]] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined).once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      this.pass(from, to);
    }
  } // prettier-ignore

  private pass(from: Socket, to: Socket): void {
    const forward = (piece: Buffer): void => {
      if (this.silent || this.dead.has(from)) return;
      if (!to.destroyed && !to.write(piece)) from.pause();
    };
    let turn = Promise.resolve();
    const later = (work: () => void): void => {
      if (this.delay === 0) turn = turn.then(work);
      else turn = turn.then(() => new Promise((resolve) => setTimeout(resolve, this.delay))).then(work);
    };
    from.on('data', (piece: Buffer) => later(() => forward(piece)));
    from.on('end', () => later(() => to.end()));
    to.on('drain', () => from.resume());
  }
}
