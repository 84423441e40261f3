import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';

/** How long requests that are under way may take to end. */
const DRAIN_MS = 10_000;
const IDLE_MS = 100;

/**
 * Lets nobody in any more, lets requests that are under way end, and jobs beside them, and closes the application. A client
 * that keeps its connection is told to leave it with its next answer.
 */
export async function stopServing(app: NestExpressApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'));
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS);
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(force);
  }
}
