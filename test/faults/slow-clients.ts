import { connect, type Socket } from 'node:net';

const GET = 'GET /v1/deals HTTP/1.1\r\nHost: 127.0.0.1\r\n';
const POST =
  'POST /v1/deals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n';

/**
 * Clients that say half of what they want and then a byte a second: in the head, in the body, or in reading what they get.
 * @param token of somebody who may: they get as far as anybody
 */
export function slowClients(url: string, token: string, each: number): { open: () => number; end: () => void } {
  const { hostname, port } = new URL(url);
  const authorization = `Authorization: Bearer ${token}\r\n`;
  const sockets = new Set<Socket>();
  const timers: NodeJS.Timeout[] = [];
  const start = (first: string, then?: string): void => {
    const socket = connect(Number(port), hostname);
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    socket.write(first);
    if (then === undefined) socket.pause();
    else timers.push(setInterval(() => socket.writable && socket.write(then), 1_000));
  };
  for (let n = 0; n < each; n += 1) {
    start(`${GET}X-Slow: `, 'x');
    start(`${POST}${authorization}\r\n{"title": "`, 'x');
  }
  for (let n = 0; n < each / 5; n += 1) start(`${GET}${authorization}\r\n`.repeat(20));
  return {
    open: () => sockets.size,
    end: () => {
      timers.forEach(clearInterval);
      sockets.forEach((socket) => socket.destroy());
    },
  };
}
