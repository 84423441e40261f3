import type { AuthTransaction } from '../../database/index.js';
import { type Rotation, rotateKeys, rotateKeysNow } from '../../modules/identity/keys/key-rotation.js';
import { PlatformActions } from '../../modules/platform/index.js';
import type { Invocation } from './command.js';
import { recordKeys, ringOf, timeOf, withAuthDb } from './keys-access.js';

/** `keys rotate [--now]`: the next signing key. Servers that run take it up; nothing is restarted. Prints no key. */
export async function keysRotate({ env, out, flags }: Invocation): Promise<number> {
  const ring = await ringOf(env);
  const now = flags.has('now');
  const rotation = await withAuthDb(env, (db) => (now ? rotateKeysNow : rotateKeys)(db, ring, recordIt(now)));
  (now ? tellNow : tell)(rotation, out);
  return 0;
}

const recordIt =
  (now: boolean) =>
  (tx: AuthTransaction, { next, replaced }: Rotation): Promise<void> =>
    recordKeys(tx, PlatformActions.signingKeyRotated, { kid: next.kid, now, replaced: replaced.map(({ kid }) => kid) });

function tell({ next, made, replaced }: Rotation, out: Invocation['out']): void {
  const signs = `it signs from ${timeOf(next.not_before)}`;
  if (!made) return out(`${next.kid} is published already; ${signs}. Nothing was changed.`);
  out(`${next.kid} is new and published; ${signs}.`);
  for (const { kid, retired_at: at } of replaced) {
    out(`${kid} is retired from ${timeOf(at ?? next.not_before)}, when its last token has expired.`);
  }
  out('Servers that run take this up by themselves.');
}

function tellNow({ next, replaced }: Rotation, out: Invocation['out']): void {
  out(`${next.kid} is new and signs.`);
  for (const { kid } of replaced) out(`${kid} is retired.`);
  out(
    'Within a minute, as each server looks for keys, every access token issued so far is void. Refresh tokens go on.',
  );
}
