import { NestFactory } from '@nestjs/core';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { AppModule } from '../app.module.js';
import type { Config } from '../config/index.js';
import { DatabaseHealth } from '../database/index.js';
import { Metrics } from '../modules/metrics/index.js';
import { JsonLogger } from './logger.js';
import { ownDatabase } from './serve.js';
import type { Shutdown } from './shutdown.js';
import { StartError } from './start-error.js';

/** A process that works on jobs and serves nobody, for installations whose servers have JOBS=off. */
export async function work(given: Config, shutdown: Shutdown): Promise<void> {
  if (!given.env.DATABASE_URL && !given.env.APP_DATABASE_URL)
    throw new StartError('A worker needs the database of its servers: set APP_DATABASE_URL and AUTH_DATABASE_URL.');
  const { config, ring } = await ownDatabase(given);
  const app = await NestFactory.createApplicationContext(AppModule.with(config.with({ JOBS: 'inline' }), ring), {
    logger: new JsonLogger(config.env.LOG_LEVEL),
    abortOnError: false,
  });
  shutdown.first(() => app.close());
  const health = await listen(config, app.get(DatabaseHealth, { strict: false }), app.get(Metrics, { strict: false }));
  shutdown.first(() => {
    health.close();
    health.closeAllConnections();
    return Promise.resolve();
  });
  process.stdout.write(`Ringfence works on jobs; health on http://${config.env.HOST}:${config.env.WORKER_PORT}\n`);
}

/** Three answers for the platform that runs us. No bearer token here: the port is for the cluster's inside alone. */
async function listen({ env }: Config, database: DatabaseHealth, metrics: Metrics): Promise<Server> {
  const answers: Record<string, (response: ServerResponse) => Promise<unknown>> = {
    '/livez': (response) => Promise.resolve(response.end('{"status":"ok"}')),
    '/readyz': async (response) => {
      const ready = Object.values(await database.check()).every((state) => state === 'up');
      response.writeHead(ready ? 200 : 503).end(JSON.stringify({ status: ready ? 'ok' : 'not_ready' }));
    },
    '/metrics': async (response) => {
      const text = await metrics.text();
      response.setHeader('content-type', metrics.contentType).end(text);
    },
  };
  const server = createServer((request, response) => {
    const answer = request.method === 'GET' ? answers[request.url ?? ''] : undefined;
    response.setHeader('content-type', 'application/json');
    if (!answer) response.writeHead(404).end();
    else answer(response).catch(() => response.writeHead(500).end());
  });
  server.listen(env.WORKER_PORT, env.HOST);
  await once(server, 'listening');
  return server;
}
