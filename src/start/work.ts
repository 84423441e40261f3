import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import type { Config } from '../config/index.js';
import { awaitDatabase } from './await-database.js';
import { JsonLogger } from './logger.js';
import { warnOfPlainConnections } from './plain-connections.js';
import { ownDatabase } from './serve.js';
import type { Shutdown } from './shutdown.js';
import { StartError } from './start-error.js';
import { WorkerHealth } from './worker-health.js';

/** A process that works on jobs and serves nobody, for installations whose servers have JOBS=off. */
export async function work(given: Config, shutdown: Shutdown): Promise<void> {
  if (!given.env.DATABASE_URL && !given.env.APP_DATABASE_URL)
    throw new StartError('A worker needs the database of its servers: set APP_DATABASE_URL and AUTH_DATABASE_URL.');
  const { config, ring } = await ownDatabase(given);
  const { APP_DATABASE_URL = '', AUTH_DATABASE_URL = '', HOST, WORKER_PORT, LOG_LEVEL } = config.env;
  const health = new WorkerHealth(config);
  await health.listen();
  shutdown.first(() => health.close());
  await awaitDatabase({ APP_DATABASE_URL, AUTH_DATABASE_URL });
  const app = await NestFactory.createApplicationContext(AppModule.with(config.with({ JOBS: 'inline' }), ring), {
    logger: new JsonLogger(LOG_LEVEL),
    abortOnError: false,
  });
  warnOfPlainConnections(config);
  health.watch(app);
  shutdown.first(() => {
    health.watch(undefined);
    return app.close();
  });
  process.stdout.write(`Ringfence works on jobs; health on http://${HOST}:${WORKER_PORT}\n`);
}
