import { writeFile } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { examine, type Report, type Verdict } from '../../modules/doctor/index.js';
import { type DoctorUrls, withDoctorConnections, withDoctorUrls } from '../doctor/connections.js';
import { pageOf } from '../doctor/page.js';
import { tableOf } from '../doctor/table.js';
import type { Invocation } from './command.js';
import { pendingOn } from './db-schema.js';

const EXIT: Readonly<Record<Verdict, number>> = { PASS: 0, FIX: 1, BLOCK: 2 };

/** `doctor`: asks the live catalogue whether isolation holds. Exit code 2 for a BLOCK, 1 for a FIX, else 0. */
export function doctor(invocation: Invocation): Promise<number> {
  return withDoctorUrls(invocation.env, (urls) => examineAll(urls, invocation));
}

async function examineAll(urls: DoctorUrls, { env, out, flags, options }: Invocation): Promise<number> {
  const pending = await pendingOn(urls.app ?? urls.service ?? '');
  if (pending.length > 0) {
    out(`Migrations are pending (${pending.join(', ')}): run them first, with \`npm run ringfence -- db migrate\`.`);
    out('An embedded database gets them at the next `npm start`. A server refuses to serve on this.');
    return EXIT.BLOCK;
  }
  const production = env['NODE_ENV'] === 'production';
  const report = await withDoctorConnections(urls, (connections) => examine(connections, { production }));
  if (flags.has('json')) out(JSON.stringify(report, null, 2));
  else for (const line of tableOf(report, wantsColours(env))) out(line);
  await file(report, options['html']);
  return EXIT[report.verdict];
}

/** Never undefined, as `process.stdout.isTTY` is where there is no terminal: picocolors would then paint for any CI. */
const wantsColours = (env: NodeJS.ProcessEnv): boolean => isatty(1) && !env['NO_COLOR'];

async function file(report: Report, path: string | undefined): Promise<void> {
  if (path !== undefined) await writeFile(path, pageOf(report));
}
