import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Config, KeyRing } from '../config/index.js';
import { bootstrapDatabase, type RolePasswords } from '../database/bootstrap/bootstrap.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded/index.js';
import { migrate } from '../database/migrator.js';
import { PasswordHasher } from '../modules/identity/index.js';
import { withStoreOf } from './cli/store-of.js';
import { type DemoFile, isSeeded, seedDemo } from './demo/seed.js';
import { type Connections, Home } from './home.js';
import type { Shutdown } from './shutdown.js';
import { StartError } from './start-error.js';

/** What a start with the embedded database stands on. */
export interface EmbeddedStack {
  config: Config;
  ring: KeyRing;
  demo: DemoFile;
}

const DATABASE = 'ringfence';
const newPassword = (): string => randomBytes(24).toString('base64url');

/**
 * Starts the embedded PostgreSQL under RINGFENCE_HOME, brings its schema up to date and seeds the demo once.
 * @param step told the name of each step as it begins
 */
export async function startEmbeddedStack(
  config: Config,
  step: (name: string) => void,
  shutdown: Shutdown,
): Promise<EmbeddedStack> {
  const home = new Home(config.home);
  await assertOurs(home);
  const server = await startEmbeddedPostgres({ home: home.path, onStep: step });
  shutdown.first(() => server.stop());
  step('roles');
  const urls = await bootstrapDatabase(server.adminUrl, DATABASE, await passwordsIn(home));
  await home.write('connections.json', { admin: adminUrlOf(server), ...urls } satisfies Connections);
  step('migrations');
  await migrate(urls.owner);
  const ring = await KeyRing.loadOrCreate(home.file('keyring.json'));
  const demo = await demoOf(home, config, ring, urls.service, step);
  const { app: APP_DATABASE_URL, auth: AUTH_DATABASE_URL, service: SERVICE_DATABASE_URL } = urls;
  return { config: config.with({ APP_DATABASE_URL, AUTH_DATABASE_URL, SERVICE_DATABASE_URL }), ring, demo };
}

const adminUrlOf = (server: EmbeddedPostgres): string => server.adminUrl.replace(/\/postgres$/, `/${DATABASE}`);

/** A home that `db bootstrap` filled for a server of one's own keeps passwords that exist nowhere else. */
async function assertOurs(home: Home): Promise<void> {
  const known = await home.read<Connections>('connections.json');
  if (!known || existsSync(home.file('postgres'))) return;
  throw new StartError(
    `${home.file('connections.json')} belongs to a server of your own. Set DATABASE_URL to serve from it, or set ` +
      'RINGFENCE_HOME to another folder for the embedded database.',
  );
}

/** The roles' passwords, drawn at first start. Kept as URLs: the port changes, the passwords do not. */
async function passwordsIn(home: Home): Promise<RolePasswords> {
  const known = await home.read<Connections>('connections.json');
  const of = (url: string | undefined): string => (url ? decodeURIComponent(new URL(url).password) : newPassword());
  return { owner: of(known?.owner), app: of(known?.app), auth: of(known?.auth), service: of(known?.service) };
}

async function demoOf(
  home: Home,
  config: Config,
  ring: KeyRing,
  serviceUrl: string,
  step: (name: string) => void,
): Promise<DemoFile> {
  const baseUrl = `http://${config.env.HOST === '0.0.0.0' ? '127.0.0.1' : config.env.HOST}:${config.env.PORT}`;
  if (!(await isSeeded(serviceUrl))) {
    step('demo data');
    const hasher = new PasswordHasher(config);
    await withStoreOf(config, ring, (store) =>
      seedDemo(serviceUrl, baseUrl, { hasher, ring, store }, (file) => home.write('demo.json', file)),
    );
    await hasher.onApplicationShutdown(); // its process; the application has a hasher of its own
  }
  const demo = await home.read<DemoFile>('demo.json');
  if (!demo)
    throw new Error(
      `${home.file('demo.json')} is missing, and with it the demo's passwords. Remove ${home.path} to start over.`,
    );
  if (demo.baseUrl !== baseUrl) await home.write('demo.json', { ...demo, baseUrl });
  return { ...demo, baseUrl };
}
