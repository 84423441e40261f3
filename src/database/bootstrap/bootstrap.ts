import { createHmac, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';

/** The four roles that can sign in, and the passwords they get. */
export interface RolePasswords {
  owner: string;
  app: string;
  auth: string;
  service: string;
}

const LOGINS: Record<keyof RolePasswords, string> = {
  owner: 'ringfence_owner',
  app: 'ringfence_app',
  auth: 'ringfence_auth',
  service: 'ringfence_service',
};

/**
 * Makes the roles of Ringfence on a cluster, sets their passwords, creates the database if it is missing and takes away
 * what PUBLIC has in it. Safe to repeat. Needs an administrator's connection (a superuser: the lock-down revokes rights
 * on built-in functions).
 *
 * @param adminUrl an administrator's PostgreSQL URL; any database of the cluster
 * @param database name of the database that Ringfence lives in
 * @returns a URL per login role
 */
export async function bootstrapDatabase(
  adminUrl: string,
  database: string,
  passwords: RolePasswords,
): Promise<Record<keyof RolePasswords, string>> {
  await withClient(adminUrl, async (client) => {
    await requireServer18(client);
    await client.query(await sqlFile('roles.sql'));
    for (const [key, role] of Object.entries(LOGINS) as [keyof RolePasswords, string][]) {
      await client.query(`alter role ${role} password ${client.escapeLiteral(scramVerifier(passwords[key]))}`);
    }
    const known = await client.query('select from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  });
  await withClient(urlFor(adminUrl, { database }), async (client) => {
    await lockDatabase(client, database);
    await client.query(await sqlFile('lockdown.sql'));
  });
  return Object.fromEntries(
    (Object.entries(LOGINS) as [keyof RolePasswords, string][]).map(([key, role]) => [
      key,
      urlFor(adminUrl, { user: role, password: passwords[key], database }),
    ]),
  ) as Record<keyof RolePasswords, string>;
}

/** Who may connect to the database. Apart from the rest because CREATE DATABASE ... TEMPLATE does not copy it. */
export async function lockDatabase(client: pg.Client, database: string): Promise<void> {
  const name = client.escapeIdentifier(database);
  await client.query(`revoke all on database ${name} from public`);
  await client.query(`grant connect on database ${name} to ringfence_app, ringfence_auth, ringfence_service`);
  await client.query(`grant connect, create on database ${name} to ringfence_owner`);
  await client.query('revoke connect on database postgres, template1 from public');
}

/** The same server, another user, password or database. */
export function urlFor(base: string, to: { user?: string; password?: string; database?: string }): string {
  const url = new URL(base);
  if (to.user !== undefined) url.username = encodeURIComponent(to.user);
  if (to.password !== undefined) url.password = encodeURIComponent(to.password);
  if (to.database !== undefined) url.pathname = `/${encodeURIComponent(to.database)}`;
  return url.toString();
}

/**
 * SCRAM-SHA-256 verifier (RFC 5803 form) as PostgreSQL stores it. Sent instead of the password, so that the password
 * never stands in a statement that the server might log. ASCII passwords only: no SASLprep is applied.
 */
export function scramVerifier(password: string, iterations = 4096): string {
  if (!/^[\x20-\x7e]{16,}$/.test(password)) {
    throw new Error('a role password must be at least 16 printable ASCII characters');
  }
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

async function requireServer18(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ v: number }>(`select current_setting('server_version_num')::int as v`);
  if ((rows[0]?.v ?? 0) < 180000) {
    throw new Error('Ringfence needs PostgreSQL 18 or later (uuidv7, plan caching of SQL functions)');
  }
}

const sqlFile = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
