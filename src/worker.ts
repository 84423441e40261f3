import 'reflect-metadata';
import { loadConfig } from './config/index.js';
import { explain } from './start/explain.js';
import { Shutdown } from './start/shutdown.js';
import { work } from './start/work.js';

const shutdown = new Shutdown();
shutdown.onSignals();
shutdown.onFaults();
try {
  await work(loadConfig(), shutdown);
} catch (error) {
  process.stderr.write(`\n${explain(error as Error)}\n`);
  await shutdown.run();
  process.exit(1);
}
