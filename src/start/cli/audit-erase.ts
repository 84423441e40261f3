import { isUUID } from 'class-validator';
import { logOf } from './audit-log-of.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { onThePlatform } from './service-access.js';

/** `audit erase`: keys of names and addresses in one log go, somebody's or everybody's; rows and proofs stay. */
export async function auditErase(invocation: Invocation): Promise<number> {
  const { words, flags, out } = invocation;
  const [word = '', subject] = words;
  if (flags.has('all') === (subject !== undefined))
    throw new CliError('Name whom to erase by the id, or everybody with --all: one of the two.', 2);
  const whom = subject === undefined ? await eraseAll(invocation, word) : await eraseOne(invocation, word, subject);
  out(`What the log of ${word} held of names and addresses of ${whom} cannot be read any more.`);
  out('Backups of the database still have the keys: they are gone for good when the last of them is.');
  return 0;
}

async function eraseOne(invocation: Invocation, word: string, subject: string): Promise<string> {
  if (!isUUID(subject, 'loose')) throw new CliError(`"${subject}" is no id of a person: that is a UUID.`, 2);
  await onThePlatform(invocation, async (client) => {
    const { tenantId } = await logOf(client, word);
    const [done] = await client.query<{ erased: boolean }>('select app.erase_audit_subject($1, $2) as erased', [
      tenantId,
      subject,
    ]);
    if (!done?.erased) throw new CliError(`The log of ${word} holds no names or addresses of ${subject}.`);
  });
  return subject;
}

async function eraseAll(invocation: Invocation, word: string): Promise<string> {
  return onThePlatform(invocation, async (client) => {
    const { tenantId } = await logOf(client, word);
    await client.query('set local statement_timeout = 0'); // a key for each person is made anew
    const [done] = await client.query<{ n: string }>('select app.erase_audit_subjects($1) as n', [tenantId]);
    if (!done || done.n === '0') throw new CliError(`The log of ${word} holds no names or addresses.`);
    return `everybody, ${done.n} in all,`;
  });
}
