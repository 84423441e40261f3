import { type Config, KeyRing } from '../config/index.js';
import { banner, Progress } from './banner.js';
import { createApp } from './create-app.js';
import { startEmbeddedStack } from './embedded-stack.js';
import { type Connections, Home } from './home.js';
import type { Shutdown } from './shutdown.js';
import { StartError } from './start-error.js';
import { stopServing } from './stop-serving.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Everything from configuration to listening. What it started is stopped by `shutdown`. */
export async function serve(config: Config, shutdown: Shutdown): Promise<void> {
  const embedded = !config.env.DATABASE_URL && !config.env.APP_DATABASE_URL;
  await (embedded ? serveEmbedded(config, shutdown) : serveOwn(config, shutdown));
}

async function serveEmbedded(config: Config, shutdown: Shutdown): Promise<void> {
  say(`Ringfence starts in ${config.home}`);
  const progress = new Progress(say);
  const stack = await startEmbeddedStack(config, (name) => progress.step(name), shutdown);
  progress.step('application');
  await listen(stack.config, stack.ring, shutdown);
  progress.done();
  say(banner(stack.demo.baseUrl, stack.demo, new Home(config.home).file('demo.json')));
}

async function serveOwn(config: Config, shutdown: Shutdown): Promise<void> {
  const own = await ownDatabase(config);
  const { HOST, PORT } = config.env;
  await listen(own.config, own.ring, shutdown);
  say(`Ringfence listens on http://${HOST}:${PORT}`);
}

/** What a process on a database of one's own needs to know. @throws StartError when the roles' URLs are not known */
export async function ownDatabase(config: Config): Promise<{ config: Config; ring: KeyRing }> {
  const complete = await withKnownConnections(config);
  const { KEY_RING_FILE } = config.env;
  const ring = KEY_RING_FILE ? await KeyRing.load(KEY_RING_FILE) : await homeRing(new Home(config.home));
  return { config: complete, ring };
}

async function listen(config: Config, ring: KeyRing, shutdown: Shutdown): Promise<void> {
  const app = await createApp(config, ring);
  shutdown.first(() => stopServing(app));
  await app.listen(config.env.PORT, config.env.HOST).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new StartError(
      `Port ${config.env.PORT} is taken. Stop what listens there, or start with another: PORT=3001 npm start`,
    );
  });
}

async function homeRing(home: Home): Promise<KeyRing> {
  await home.open();
  return KeyRing.loadOrCreate(home.file('keyring.json'));
}

/** With DATABASE_URL alone, the URLs that `db bootstrap` wrote are used. */
async function withKnownConnections(config: Config): Promise<Config> {
  if (config.env.APP_DATABASE_URL) return config;
  const home = new Home(config.home);
  const known = await home.read<Connections>('connections.json');
  if (!known) {
    throw new StartError(
      `DATABASE_URL is set, but Ringfence's roles are not known. Run \`npm run ringfence -- db bootstrap\` first ` +
        `(it writes ${home.file('connections.json')}), or set APP_DATABASE_URL and AUTH_DATABASE_URL.`,
    );
  }
  if (new URL(known.admin).host !== new URL(config.env.DATABASE_URL ?? known.admin).host) {
    throw new StartError(
      `${home.file('connections.json')} belongs to another server than DATABASE_URL. Set RINGFENCE_HOME to a folder of ` +
        `its own for this server and run \`npm run ringfence -- db bootstrap\`.`,
    );
  }
  return config.with({ APP_DATABASE_URL: known.app, AUTH_DATABASE_URL: known.auth });
}
