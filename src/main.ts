import 'reflect-metadata';
import { loadConfig } from './config/index.js';
import { serve } from './start/serve.js';
import { Shutdown } from './start/shutdown.js';

const shutdown = new Shutdown();
shutdown.onSignals();
try {
  await serve(loadConfig(), shutdown);
} catch (error) {
  process.stderr.write(`\n${explain(error as Error)}\n`);
  await shutdown.run();
  process.exit(1);
}

/** Errors that we made say what to do next; of all others the stack is the better help. */
function explain({ name, message, stack }: Error): string {
  const ours = /^(Config|KeyRing|EmbeddedPostgres|UnsafeDatabase|UndeclaredRoute|Start)Error$/.test(name);
  return ours ? message : (stack ?? message);
}
