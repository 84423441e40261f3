import type { INestApplicationContext } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/index.js';
import { DatabaseHealth } from '../database/index.js';
import { StoreHealth } from '../modules/health/store-health.js';
import { Queues } from '../modules/jobs/index.js';
import { bears, Metrics } from '../modules/metrics/index.js';

/** Milliseconds that the database may take to answer. */
const BOUND_MS = 4_000;
/** Age of the last poll, seconds: idle queues are polled every few. */
const POLL_SECONDS = 60;

type Answer = (response: ServerResponse, request: IncomingMessage) => Promise<unknown>;

/** What a worker says of itself: three answers for the platform that runs it. */
export class WorkerHealth {
  private app?: INestApplicationContext;
  private asking?: Promise<boolean>;
  private readonly server: Server;
  private readonly answers: Record<string, Answer> = {
    '/livez': (response) => Promise.resolve(response.end('{"status":"ok"}')),
    '/readyz': async (response) => {
      const ready = await this.ready();
      response.writeHead(ready ? 200 : 503).end(JSON.stringify({ status: ready ? 'ok' : 'not_ready' }));
    },
    '/metrics': (response, { headers }) => this.metrics(response, headers.authorization),
  };

  constructor(private readonly config: Config) {
    this.server = createServer((request, response) => {
      const answer = request.method === 'GET' ? this.answers[request.url ?? ''] : undefined;
      response.setHeader('content-type', 'application/json').setHeader('x-content-type-options', 'nosniff');
      if (!answer) response.writeHead(404).end();
      else answer(response, request).catch(() => response.writeHead(500).end());
    });
  }

  async listen(): Promise<void> {
    this.server.listen(this.config.env.WORKER_PORT, this.config.env.HOST);
    await once(this.server, 'listening');
  }

  close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    return Promise.resolve();
  }

  /** @param app whose work is spoken of from now on; undefined: there is none, so it is not ready */
  watch(app: INestApplicationContext | undefined): void {
    this.app = app;
  }

  /** Whether it gets jobs: database and store answer, and so did the queues, lately. */
  async ready(): Promise<boolean> {
    const { app } = this;
    if (!app?.get(Queues, { strict: false }).polledWithin(POLL_SECONDS)) return false;
    this.asking ??= this.ask(app).finally(() => (this.asking = undefined)); // once at a time, however slow it is
    return Promise.race([this.asking, sleep(BOUND_MS, false, { ref: false })]);
  }

  private async ask(app: INestApplicationContext): Promise<boolean> {
    const [database, store] = await Promise.all([
      app.get(DatabaseHealth, { strict: false }).check(),
      app.get(StoreHealth, { strict: false }).check(),
    ]);
    return [...Object.values(database), store].every((state) => state === 'up');
  }

  private async metrics(response: ServerResponse, authorization: string | undefined): Promise<void> {
    const token = this.config.env.METRICS_TOKEN;
    if (!this.app || (token !== undefined && !bears(authorization, token))) {
      response.writeHead(404).end();
      return;
    }
    const metrics = this.app.get(Metrics, { strict: false });
    const text = await metrics.text();
    response.setHeader('content-type', metrics.contentType).end(text);
  }
}
