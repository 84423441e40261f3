/*
 * The hashing threads' file, loaded by each of them as .js from a build and as .ts from the sources (Node strips the
 * types). So it imports nothing of ours and uses erasable syntax only.
 */
import { hashSync, verifySync } from '@node-rs/argon2';

/** OWASP's argon2id parameters: 19 MiB, two passes. About 20 ms of one core. */
export const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How a hash that is made today begins, up to its salt (PHC string format). */
export const PREFIX = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`;

/** A password to hash or, with `stored`, to compare with that PHC string. */
export interface HashTask {
  password: string;
  stored?: string;
}

/** The PHC string, or whether it matches; undefined when neither could be computed. */
export type HashAnswer = string | boolean | undefined;

/** Takes a core until it is done. Never throws: an error of the library may quote what it was given. */
export default function compute({ password, stored }: HashTask): HashAnswer {
  try {
    return stored === undefined ? hashSync(password, PARAMETERS) : verifySync(stored, password);
  } catch {
    return undefined;
  }
}
