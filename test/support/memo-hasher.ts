import { hash, verify } from '@node-rs/argon2';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import type { HashAnswer, HashTask } from '../../src/modules/identity/passwords/hash-worker.js';

/** What a password has already been compared with in this spec file. */
const compared = new Map<string, Promise<HashAnswer>>();

/**
 * Hashes as production does, with its parameters, but here: its own process has the lowest priority, and on a machine that
 * is busy with tests hardly runs. One password is compared with one hash once: nearly everybody in the tests has the same.
 */
export class MemoHasher extends PasswordHasher {
  protected override compute({ password, stored, parameters }: HashTask): Promise<HashAnswer> {
    if (stored === undefined) return hash(password, parameters).catch(() => undefined);
    const pair = JSON.stringify([stored, password]);
    const known = compared.get(pair) ?? verify(stored, password).catch(() => undefined);
    compared.set(pair, known);
    return known;
  }
}
