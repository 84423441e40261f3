import { existsSync } from 'node:fs';
import { startEmbeddedPostgres } from '../../database/embedded/index.js';
import { withCatalogue } from '../../database/catalogue.js';
import { reach } from '../../database/reach.js';
import type { Ask } from '../../modules/doctor/index.js';
import { homeOf, postgresUrl, urlOf } from '../cli/home-of.js';

/** URLs of the roles that the doctor asks as; those that are not known are left out. */
export interface DoctorUrls {
  app?: string;
  service?: string;
}

/**
 * The URLs of the variables, or those that `db bootstrap` or the demo wrote. An embedded database that does not run is
 * started for the time that `work` takes.
 * @throws CliError when no URL is known
 */
export async function withDoctorUrls<T>(env: NodeJS.ProcessEnv, work: (urls: DoctorUrls) => Promise<T>): Promise<T> {
  const { APP_DATABASE_URL, SERVICE_DATABASE_URL } = env;
  if (APP_DATABASE_URL || SERVICE_DATABASE_URL) {
    return work({
      ...(APP_DATABASE_URL && { app: postgresUrl(APP_DATABASE_URL, 'APP_DATABASE_URL') }),
      ...(SERVICE_DATABASE_URL && { service: postgresUrl(SERVICE_DATABASE_URL, 'SERVICE_DATABASE_URL') }),
    });
  }
  const app = await urlOf(env, 'app', 'APP_DATABASE_URL');
  const service = await urlOf(env, 'service', 'SERVICE_DATABASE_URL');
  const home = homeOf(env);
  const idle = existsSync(home.file('postgres')) && (await reach(app).catch(() => undefined)) !== undefined;
  if (!idle) return work({ app, service });
  const server = await startEmbeddedPostgres({ home: home.path });
  const at = (url: string): string => Object.assign(new URL(url), { port: String(server.port) }).toString();
  return work({ app: at(app), service: at(service) }).finally(() => server.stop());
}

/** Reads the catalogue as each role whose URL is known. */
export async function withDoctorConnections<T>(
  { app, service }: DoctorUrls,
  work: (connections: { app?: Ask; service?: Ask }) => Promise<T>,
): Promise<T> {
  const asService = (known: { app?: Ask }): Promise<T> =>
    service ? withCatalogue(service, (select) => work({ ...known, service: select })) : work(known);
  return app ? withCatalogue(app, (select) => asService({ app: select })) : asService({});
}
