import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { onThePlatform } from './service-access.js';

const NOT_SEALED = 'RF028';
const LOCK_NOT_AVAILABLE = '55P03';

interface Month {
  month: string;
  logs: string;
  rows: string;
}

/** `audit retain`: whole months that are too old go, for the installation as a whole. */
export async function auditRetain(invocation: Invocation): Promise<number> {
  const { out, options, flags } = invocation;
  const keep = monthsOf(options['keep-months']);
  const apply = !flags.has('dry-run');
  const months = await onThePlatform(invocation, async (client) => {
    await client.query('set local statement_timeout = 0'); // each row of a month is looked at
    return client
      .query<Month>(
        `select to_char(r.begins at time zone 'UTC', 'YYYY-MM') as month, r.logs, r.row_count as rows
           from app.apply_audit_retention((date_trunc('month', now() at time zone 'UTC') - $1 * interval '1 month') at time zone 'UTC', $2) r`,
        [keep, apply],
      )
      .catch(explain);
  });
  for (const { month, logs, rows } of months)
    out(`${apply ? 'dropped' : 'would drop'}  ${month}  ${rows} rows of ${logs} logs`);
  if (months.length === 0) out(`Nothing is older than ${keep} months before this one.`);
  return 0;
}

function monthsOf(text: string | undefined): number {
  if (!text || !/^[1-9]\d{0,3}$/.test(text))
    throw new CliError('--keep-months must say how many whole months stay, beside this one: 1 or more.', 2);
  return Number(text);
}

function explain(error: unknown): never {
  const { code, message } = error as { code?: string; message: string };
  if (code === NOT_SEALED) throw new CliError(`${message}: nothing was dropped. A server that runs numbers rows.`);
  if (code === LOCK_NOT_AVAILABLE) throw new CliError('The log is in use: nothing was dropped. Try again.');
  throw error;
}
