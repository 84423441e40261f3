import type { UnfencedClient } from '../../database/service-client.js';
import { newSecret, secretHash } from '../../modules/identity/index.js';
import { PlatformActions, type PlatformAudit } from '../../modules/platform/index.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { emailOf, onThePlatform, webUrlOf } from './service-access.js';

interface Added {
  /** false: they were an operator before */
  fresh: boolean;
  /** of a link that sets their first password; absent for who has one */
  token?: string;
}

/** `operator add`: an account that exists, or a new one, whose password is set with the link that is printed. */
export async function operatorAdd(invocation: Invocation): Promise<number> {
  const { env, out, words } = invocation;
  const email = emailOf(words[0] ?? '');
  const webUrl = webUrlOf(env);
  const { fresh, token } = await onThePlatform(invocation, (client, audit) => add(client, audit, email));
  out(`${email} is an operator${fresh ? '' : ' already'}.`);
  if (token) {
    out('They have no password yet. This link sets it, once, within 10 minutes; give it to nobody else:');
    out(`  ${webUrl}/account/password-reset#token=${token}`);
    out('Too late? Run this again.');
  }
  if (fresh) out('What operators do needs a second factor: they add theirs under /v1/auth/mfa after signing in.');
  return 0;
}

/** `operator remove`: they stay who they are otherwise, and are refused from their next call on. */
export async function operatorRemove(invocation: Invocation): Promise<number> {
  const email = emailOf(invocation.words[0] ?? '');
  await onThePlatform(invocation, async (client, audit) => {
    const [removed] = await client.query<{ id: string }>(
      'delete from auth.operators o using auth.users u where u.id = o.user_id and u.email = $1 returning u.id',
      [email],
    );
    if (!removed) throw new CliError(`${email} is no operator.`);
    await audit.record(client, PlatformActions.operatorRemoved, { operatorId: null, userId: removed.id });
  });
  invocation.out(`${email} is no operator any more. The account stays.`);
  return 0;
}

async function add(client: UnfencedClient, audit: PlatformAudit, email: string): Promise<Added> {
  await client.query('insert into auth.users (email) values ($1) on conflict (email) do nothing', [email]);
  const [user] = await client.query<{ id: string; active: boolean; bare: boolean }>(
    `select id, status = 'active' as active, password_hash is null as bare from auth.users where email = $1`,
    [email],
  );
  if (!user?.active) throw new CliError(`The account of ${email} is disabled.`);
  const made = await client.query(
    'insert into auth.operators (user_id) values ($1) on conflict do nothing returning 1',
    [user.id],
  );
  await audit.record(client, PlatformActions.operatorAdded, { operatorId: null, userId: user.id });
  return { fresh: made.length > 0, ...(user.bare ? { token: await passwordToken(client, user.id) } : {}) };
}

/** As a mail would carry it (see one-time-tokens). One at a time. */
async function passwordToken(client: UnfencedClient, userId: string): Promise<string> {
  const token = newSecret();
  await client.query(`delete from auth.one_time_tokens where user_id = $1 and purpose = 'password_reset'`, [userId]);
  await client.query(
    `insert into auth.one_time_tokens (hash, purpose, user_id, expires_at)
     values ($1, 'password_reset', $2, now() + interval '10 minutes')`,
    [secretHash(token), userId],
  );
  return token;
}
