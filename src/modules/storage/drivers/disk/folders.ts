import { constants, type Dirent } from 'node:fs';
import { lstat, mkdir, open, opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageUnavailableError } from '../storage-driver.js';

/** Mode of every folder: nobody else may enter. */
export const PRIVATE = 0o700;

export class LinkInStorageError extends Error {
  override name = 'LinkInStorageError';
  constructor(path: string) {
    super(`${path} is a link, or lies behind one; nothing is stored there`);
  }
}

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? '';

/** For catch: there is none. Whatever else a disk says is no answer to that question. */
export function unlessAbsent(error: unknown): undefined {
  if (!/^(ENOENT|ENOTDIR)$/.test(codeOf(error))) throw error;
}

/** Whether a folder is there and is where its name says: no part of its path is a link. */
export async function isPlain(folder: string): Promise<boolean> {
  const there = await realpath(folder).catch((error: unknown) =>
    codeOf(error) === 'ELOOP' ? undefined : unlessAbsent(error),
  );
  return there === folder && ((await lstat(folder).catch(unlessAbsent))?.isDirectory() ?? false); // swept meanwhile
}

/** Makes folders one in another. @throws when one of them is a link or a file */
export async function madeWithin(base: string, names: readonly string[]): Promise<string> {
  let path = base;
  for (const name of names) {
    const parent = path;
    path = join(path, name);
    const made = await mkdir(path, PRIVATE).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
        return false;
      },
    );
    if (made) await flushed(parent);
  }
  if (!(await isPlain(path))) throw new LinkInStorageError(path);
  return path;
}

/** What was made or renamed in a folder outlives a loss of power only once the folder itself is on the disk. */
export async function flushed(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  await handle.sync().finally(() => handle.close());
}

/** The files that lie so many folders deep. */
export async function* walk(folder: string, depth: number): AsyncIterable<string> {
  const entries = (await opendir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw new StorageUnavailableError(error);
  })) as AsyncIterable<Dirent> | Dirent[];
  for await (const entry of entries) {
    if (depth === 1) yield join(folder, entry.name);
    else if (entry.isDirectory()) yield* walk(join(folder, entry.name), depth - 1);
  }
}
