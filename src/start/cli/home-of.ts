import { resolve } from 'node:path';
import { type Connections, Home } from '../home.js';
import { CliError } from './cli-error.js';

/**
 * RINGFENCE_HOME, where the server looks too. Apart from the server's configuration: a job that migrates in production
 * has the owner's URL and nothing else, and must not be asked for the rest.
 */
export const homeOf = (env: NodeJS.ProcessEnv): Home => new Home(resolve(env['RINGFENCE_HOME'] || '.ringfence'));

/** A role's URL: from its variable, or as `db bootstrap` or the demo wrote it. @throws CliError when neither is there */
export async function urlOf(
  env: NodeJS.ProcessEnv,
  role: keyof Omit<Connections, 'admin'>,
  variable: string,
): Promise<string> {
  const given = env[variable];
  if (given) return postgresUrl(given, variable);
  const home = homeOf(env);
  const known = await home.read<Connections>('connections.json');
  if (known) return known[role];
  throw new CliError(
    `${variable} is not set, and there is no ${home.file('connections.json')}.\n` +
      'Set it, or run `npm run ringfence -- db bootstrap` (your own server) or `npm start` (the embedded one) first.',
  );
}

/** @throws CliError for something else than a PostgreSQL URL; the message does not repeat it, as it may hold a password */
export function postgresUrl(text: string, variable: string): string {
  if (/^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new CliError(`${variable} is not a PostgreSQL URL. Write it as postgres://user:password@host:5432/database`);
}
