import { resolve } from 'node:path';
import { KeyRing } from '../../config/index.js';
import type { Invocation } from './command.js';

const THEN = 'Keep a copy where the database’s backups are not.';

/** `keys add-ring-key <file> [--spare]`: one more key in the ring. Prints its id, never the key. */
export async function keysAddRingKey({ out, words, flags }: Invocation): Promise<number> {
  const path = resolve(words[0] ?? '');
  const spare = flags.has('spare');
  const id = await KeyRing.addKey(path, !spare);
  out(`${path} holds ${id} now, beside the keys that were there. ${THEN}`);
  out(
    spare
      ? `It encrypts nothing yet. Next: restart every server with this file, then keys use-ring-key ${words[0] ?? ''} ${id}`
      : 'It encrypts from now on. Next: restart every server with this file, then keys rewrap',
  );
  return 0;
}

/** `keys use-ring-key <file> <id>`: which key of the ring encrypts. */
export async function keysUseRingKey({ out, words }: Invocation): Promise<number> {
  const path = resolve(words[0] ?? '');
  const id = await KeyRing.useKey(path, words[1] ?? '');
  out(`${id} of ${path} encrypts from now on. Next: restart every server with this file, then keys rewrap`);
  return 0;
}
