import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { KeyRing } from '../../config/index.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';

/** `keys init <file>`: a ring with one random key, or the word that the one there is sound. Never prints a key. */
export async function keysInit({ out, words }: Invocation): Promise<number> {
  const path = resolve(words[0] ?? '');
  const there = await exists(path);
  if (!(await exists(dirname(path))))
    throw new CliError(`The folder ${dirname(path)} is not there. Make it first: mkdir -p`);
  await KeyRing.loadOrCreate(path);
  out(
    there
      ? `${path} is a sound key ring already; it is left as it is.`
      : `${path} holds a new key ring, readable by you alone.`,
  );
  out(
    `Next: KEY_RING_FILE=${path}. Keep a copy where the database's backups are not: without it, what it encrypts is lost.`,
  );
  return 0;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
