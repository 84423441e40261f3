import 'reflect-metadata';
import { loadConfig } from './config/index.js';
import { explain } from './start/explain.js';
import { serve } from './start/serve.js';
import { Shutdown } from './start/shutdown.js';

const shutdown = new Shutdown();
shutdown.onSignals();
shutdown.onFaults();
try {
  await serve(loadConfig(), shutdown);
} catch (error) {
  process.stderr.write(`\n${explain(error as Error)}\n`);
  await shutdown.run();
  process.exit(1);
}
