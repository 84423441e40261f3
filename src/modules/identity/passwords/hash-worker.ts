/*
 * The hashing process's whole program, run as .js from a build and as .ts from the sources (Node strips the types). So it
 * imports nothing of ours and uses erasable syntax only. hash-process.ts starts it and talks to it.
 */
import { hash, type Options, verify } from '@node-rs/argon2';

/** A password to hash with these parameters or, with `stored`, to compare with that PHC string. */
export interface HashTask {
  password: string;
  stored?: string;
  parameters: Options;
}

/** The PHC string, or whether it matches; undefined when neither could be computed. */
export type HashAnswer = string | boolean | undefined;

/** Never throws, and says nothing of why: an error of the library may quote what it was given. */
async function answerTo({ password, stored, parameters }: HashTask): Promise<HashAnswer> {
  try {
    return await (stored === undefined ? hash(password, parameters) : verify(stored, password));
  } catch {
    return undefined;
  }
}

process.on('message', (task: HashTask & { id: number }) => {
  void answerTo(task).then((answer) => process.send?.({ id: task.id, answer }));
});
process.on('disconnect', () => process.exit()); // the server is gone, however it went
