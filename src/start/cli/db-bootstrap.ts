import { randomBytes } from 'node:crypto';
import { bootstrapDatabase, type RolePasswords, urlFor } from '../../database/bootstrap/bootstrap.js';
import type { Connections, Home } from '../home.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { homeOf, postgresUrl } from './home-of.js';

type Role = keyof RolePasswords;

/** A password and where it comes from; only the latter is printed. */
interface Drawn {
  password: string;
  from: string;
}

const ROLES: readonly Role[] = ['owner', 'app', 'auth', 'service'];
const DEFAULT_DATABASE = 'ringfence';

/** `db bootstrap`: roles, database and lock-down on a server of one's own. Prints no password. */
export async function dbBootstrap({ env, out, options }: Invocation): Promise<number> {
  const adminUrl = adminUrlOf(env);
  const database = options['database'] || databaseIn(adminUrl);
  const home = homeOf(env);
  const passwords = passwordsFor(env, await knownFor(home, adminUrl));
  const plain = Object.fromEntries(ROLES.map((role) => [role, passwords[role].password])) as unknown as RolePasswords;
  await home.open(); // before the passwords change: a folder that cannot be written is found now
  const urls = await bootstrapDatabase(adminUrl, database, plain);
  await home.write('connections.json', { admin: urlFor(adminUrl, { database }), ...urls } satisfies Connections);
  out(`The database ${database} on ${new URL(adminUrl).host} is ready:`);
  for (const role of ROLES) out(`  role ringfence_${role.padEnd(8)} password ${passwords[role].from}`);
  out(`  URLs in ${home.file('connections.json')}, readable by you alone`);
  out('Next: npm run ringfence -- db migrate');
  return 0;
}

function adminUrlOf(env: NodeJS.ProcessEnv): string {
  const url = env['DATABASE_URL'];
  if (url) return postgresUrl(url, 'DATABASE_URL');
  throw new CliError(
    "DATABASE_URL is not set. Set it to an administrator's URL of your server, such as postgres://postgres:…@host:5432/postgres.\n" +
      'For the embedded server there is nothing to do: `npm start` makes it ready.',
  );
}

/** The server's own databases are for connecting to; nobody means to keep tables there. */
export function databaseIn(adminUrl: string): string {
  const name = decodeURIComponent(new URL(adminUrl).pathname.slice(1));
  return name === '' || name === 'postgres' || name.startsWith('template') ? DEFAULT_DATABASE : name;
}

/** What is known of this server. @throws CliError when the folder belongs to another one: its passwords would be lost */
async function knownFor(home: Home, adminUrl: string): Promise<Connections | undefined> {
  const known = await home.read<Connections>('connections.json');
  if (!known || new URL(known.admin).host === new URL(adminUrl).host) return known;
  throw new CliError(
    `${home.file('connections.json')} belongs to another server (${new URL(known.admin).host}).\n` +
      'Choose another folder with RINGFENCE_HOME, or move that file away.',
  );
}

/** Given, else kept, else drawn: repeating the command must not lock out a server that runs. */
export function passwordsFor(env: NodeJS.ProcessEnv, known: Connections | undefined): Record<Role, Drawn> {
  const drawn = ROLES.map((role) => {
    const variable = `RINGFENCE_${role.toUpperCase()}_PASSWORD`;
    const given = env[variable];
    if (given) return [role, { password: sound(given, variable), from: `from ${variable}` }];
    const kept = known && decodeURIComponent(new URL(known[role]).password);
    if (kept) return [role, { password: kept, from: 'kept' }];
    return [role, { password: randomBytes(24).toString('base64url'), from: 'drawn at random' }];
  });
  return Object.fromEntries(drawn) as Record<Role, Drawn>;
}

function sound(password: string, variable: string): string {
  if (/^[\x20-\x7e]{16,}$/.test(password)) return password;
  throw new CliError(
    `${variable} must be at least 16 printable ASCII characters. Draw one with: openssl rand -base64 24`,
  );
}
