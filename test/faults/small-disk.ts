import { execFile } from 'node:child_process';
import { chown, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PIECE = Buffer.alloc(64 * 1024);

const HELP = `
A small volume could not be mounted (a tmpfs: this needs root, and the right to mount). Either run the tests of faults as
somebody who may, or leave the full disk out: FAULTS_WITHOUT=disk npm run test:faults
`;

/** A volume of 64 MiB, in memory, that can be filled to its last byte. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** @throws Error that says what to do, where nothing may be mounted */
  static async mount(path: string, account?: { uid: number; gid: number }): Promise<SmallDisk> {
    await mkdir(path);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=0700', 'ringfence-faults', path]).catch((error: Error) => {
      throw new Error(`${HELP}\n${error.message}`);
    });
    if (account) await chown(path, account.uid, account.gid);
    return new SmallDisk(path);
  }

  /** A folder in it for the server's files. */
  async folder(name: string): Promise<string> {
    const path = join(this.path, name);
    const { uid, gid } = await stat(this.path);
    await mkdir(path, { mode: 0o700 });
    await chown(path, uid, gid);
    return path;
  }

  /** Until not a byte is left. */
  async fill(): Promise<void> {
    const file = await open(join(this.path, 'filler'), 'a');
    try {
      for (let size = PIECE.length; size >= 1;)
        await file.write(PIECE, 0, size).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        });
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(join(this.path, 'filler'), { force: true });
  }

  async unmount(): Promise<void> {
    await run('umount', [this.path]);
  }
}
