import { createWriteStream } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type UnfencedClient, UnfencedPool } from '../../database/service-client.js';
import {
  batchOf,
  exportDetails,
  type ExportHead,
  exportOf,
  headOf,
  type LogSource,
  type Query,
} from '../../modules/audit/export/index.js';
import { AuditActions } from '../../modules/audit/index.js';
import { VERIFIER_NAME, verifierFile } from '../../modules/audit/reading/verifier-file.js';
import { logOf } from './audit-log-of.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { urlOf } from './home-of.js';
import { onThePlatform } from './service-access.js';

const LOG = 'log.ndjson';
const KEYS = 'keys.txt';
const POOL = { size: 1, waitMs: 5_000, startupOptions: false };

/** `audit export`: a folder to hand to an auditor. Exit code 1 where a row is not what was sealed. */
export async function auditExport(invocation: Invocation): Promise<number> {
  const { env, out, words, options } = invocation;
  const [word = ''] = words;
  const folder = await freshFolder(options['to']);
  const head = await onThePlatform(invocation, async (client, audit) => {
    const { tenantId, concerns } = await logOf(client, word);
    const head = await headOf(oneByOne(client), tenantId);
    const target = { operatorId: null, ...(concerns ? { tenantId: concerns } : {}) };
    await audit.record(client, AuditActions.exported, target, exportDetails(head));
    return head;
  });
  const pool = new UnfencedPool({ url: await urlOf(env, 'service', 'SERVICE_DATABASE_URL'), ...POOL });
  const faults: string[] = [];
  try {
    const pieces = exportOf(head, readsOf(pool, head), (seq, what) => faults.push(`Row ${seq} is ${what}.`));
    const file = createWriteStream(join(folder, LOG), { flags: 'wx', mode: 0o600 });
    await pipeline(Readable.from(pieces, { objectMode: false }), file);
  } finally {
    await pool.end();
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
  await writeBeside(folder, word, head);
  out(`${head.size} rows of ${word} are in ${join(folder, LOG)}. README.txt beside it says how to verify them.`);
  for (const fault of faults.slice(0, 10)) out(`${fault} It is not as it was sealed.`);
  return faults.length === 0 ? 0 : 1;
}

/** @throws CliError without a folder, or where an export is there already */
async function freshFolder(to: string | undefined): Promise<string> {
  if (!to) throw new CliError('--to is missing: a folder that the export is written to.', 2);
  const folder = resolve(to);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const taken = await access(join(folder, LOG)).then(
    () => true,
    () => false,
  );
  if (taken) throw new CliError(`${join(folder, LOG)} is there already. Name another folder.`);
  return folder;
}

/** Each read is a transaction of its own. */
function readsOf(pool: UnfencedPool, { tenantId, size }: ExportHead): LogSource {
  return {
    read: (from, to) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${from} of ${size} rows`);
      return pool.transaction(async (client) => {
        await client.query('select auth.enter_command_line()');
        return batchOf(oneByOne(client), 'service', tenantId, [from, to]);
      });
    },
  };
}

/** A plain connection takes the next statement when the one before is answered. */
function oneByOne(client: UnfencedClient): Query {
  let last: Promise<unknown> = Promise.resolve();
  return <Row extends object>(text: string, values: unknown[]) => {
    const next = last.then(() => client.query<Row>(text, values));
    last = next.catch(() => undefined);
    return next;
  };
}

/** What an auditor needs beside the log. */
async function writeBeside(folder: string, word: string, { tenantId, size, keys }: ExportHead): Promise<void> {
  const write = (name: string, content: string | Buffer): Promise<void> => writeFile(join(folder, name), content, { mode: 0o600 }); // prettier-ignore
  await write(VERIFIER_NAME, await verifierFile());
  await write(KEYS, keys.map((key) => `${key}\n`).join(''));
  await write(
    'README.txt',
    `The audit log of ${word} (${tenantId}): ${size} rows, exported ${new Date().toISOString()}.

Verify it, on any machine with Node 18.3 or later and without a network:

  node ${VERIFIER_NAME} ${LOG}

It names the first row that was changed, removed, moved or added. Two things it cannot know by itself:

- whose keys have signed. ${KEYS} has those that the log names; compare them with keys that you were given
  in another way, and give those with --key.
- whether the log was cut or rolled back together with its checkpoints. Give a checkpoint that you kept
  with --checkpoint.

Take the program from another place than this folder if you trust this folder's maker as little as the log's.
`,
  );
}
