import { logOf } from './audit-log-of.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { onThePlatform } from './service-access.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `audit erase`: the key of somebody's names and addresses in one log goes; rows and proofs stay. */
export async function auditErase(invocation: Invocation): Promise<number> {
  const [word = '', subject = ''] = invocation.words;
  if (!UUID.test(subject)) throw new CliError(`"${subject}" is no id of a person: that is a UUID.`, 2);
  await onThePlatform(invocation, async (client) => {
    const { tenantId } = await logOf(client, word);
    const [done] = await client.query<{ erased: boolean }>('select app.erase_audit_subject($1, $2) as erased', [
      tenantId,
      subject,
    ]);
    if (!done?.erased) throw new CliError(`The log of ${word} holds no names or addresses of ${subject}.`);
  });
  invocation.out(`What the log of ${word} held of names and addresses of ${subject} cannot be read any more.`);
  invocation.out('Backups of the database still have the key: it is gone for good when the last of them is.');
  return 0;
}
