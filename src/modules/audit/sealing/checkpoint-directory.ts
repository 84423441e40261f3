import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  CheckpointConflictError,
  type CheckpointStore,
  type KeptCheckpoint,
  type LargestKept,
} from './checkpoint-store.js';

const KEYS = 'keys.txt';
const LOG = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FILE = /^\d{20}\.txt$/;

/**
 * Checkpoints as files: `<tenant id>/<size, 20 digits>.txt` is a note, `keys.txt` has the verifier keys, one a line. The
 * directory itself is not made: where a volume is not mounted, the files would land beneath it.
 */
export class CheckpointDirectory implements CheckpointStore {
  readonly name: string;

  constructor(path: string) {
    this.name = resolve(path);
  }

  async logs(): Promise<string[]> {
    return (await readdir(this.name)).filter((name) => LOG.test(name));
  }

  async largest(tenantId: string): Promise<LargestKept | undefined> {
    const folder = join(this.name, tenantId);
    let file = '';
    for (const name of (await readdir(folder).catch(ignoring('ENOENT'))) ?? [])
      if (name > file && FILE.test(name)) file = name;
    const place = join(folder, file);
    const size = Number.parseInt(file, 10);
    return file ? { tenantId, size, note: await readFile(place, 'utf8'), place } : undefined;
  }

  async keep({ tenantId, size, verifierKey, note }: KeptCheckpoint): Promise<void> {
    await this.keepKey(verifierKey);
    const folder = join(this.name, tenantId);
    const file = `${String(size).padStart(20, '0')}.txt`;
    const kept = await textOf(join(folder, file));
    if (kept === note) return;
    if (kept !== undefined) throw new CheckpointConflictError(`${join(folder, file)} is another checkpoint`);
    if (await mkdir(folder).then(() => true, ignoring('EEXIST'))) await sync(this.name);
    await write(folder, file, note);
  }

  private async keepKey(verifierKey: string): Promise<void> {
    const known = ((await textOf(join(this.name, KEYS))) ?? '').split('\n').filter(Boolean);
    if (known.includes(verifierKey)) return;
    await write(this.name, KEYS, [...known, verifierKey, ''].join('\n'));
  }
}

/** Beside, then renamed: nobody reads half a file, not after a power cut either. */
async function write(folder: string, file: string, text: string): Promise<void> {
  const beside = join(folder, `.${file}.${randomUUID()}`);
  try {
    const handle = await open(beside, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, join(folder, file));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await sync(folder);
}

/** A directory's own entries. Not every file system can: then there is nothing to wait for. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync().catch(ignoring('EINVAL', 'ENOTSUP', 'EPERM'));
  } finally {
    await handle.close();
  }
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(ignoring('ENOENT'));

const ignoring =
  (...codes: string[]) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
