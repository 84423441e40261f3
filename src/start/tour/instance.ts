import { CliError } from '../cli/cli-error.js';
import type { DemoFile } from '../demo/seed.js';
import type { Connections, Home } from '../home.js';

/** A running demo: where it listens, who may sign in, and the databases' URLs. */
export interface Instance {
  demo: DemoFile;
  connections: Connections;
}

/** @throws CliError saying how to start one, when none runs under this home */
export async function runningInstance(home: Home): Promise<Instance> {
  const [demo, connections] = await Promise.all([
    home.read<DemoFile>('demo.json'),
    home.read<Connections>('connections.json'),
  ]);
  if (!demo || !connections) throw notRunning(`no demo was ever started in ${home.path}`);
  const alive = await fetch(`${demo.baseUrl}/livez`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if (!alive?.ok)
    throw notRunning(`nothing answers at ${demo.baseUrl}, where the instance of ${home.path} listened last`);
  return { demo, connections };
}

const notRunning = (why: string): CliError =>
  new CliError(
    `No instance is running: ${why}.\n` +
      'Start one with `npm start`, leave it running, and take the tour from another terminal with the same RINGFENCE_HOME.',
  );
