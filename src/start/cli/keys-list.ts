import { listKeys } from '../../modules/identity/keys/key-rotation.js';
import type { Invocation } from './command.js';
import { timeOf, withAuthDb } from './keys-access.js';

/** `keys list`: every signing key with what it does and when. */
export async function keysList({ env, out }: Invocation): Promise<number> {
  const keys = await withAuthDb(env, listKeys);
  if (keys.length === 0) out('There is no signing key yet: the first server that starts makes one.');
  for (const { kid, state, created_at: made, not_before: from, retired_at: until } of keys) {
    const end = until ? `retired from ${timeOf(until)}` : 'until it is rotated';
    out(`${state.padEnd(9)}  ${kid}  made ${timeOf(made)}, signs from ${timeOf(from)}, ${end}`);
  }
  return 0;
}
