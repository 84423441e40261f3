import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder that an embedded installation keeps everything in. Mode 0700; its files 0600. */
export class Home {
  constructor(readonly path: string) {}

  /** Makes it if it is missing. */
  async open(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async read<T>(name: string): Promise<T | undefined> {
    try {
      return JSON.parse(await readFile(this.file(name), 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new Error(`${this.file(name)} cannot be read: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Whole or not at all: written beside and moved over. */
  async write(name: string, content: unknown): Promise<void> {
    const beside = this.file(`${name}.new`);
    await writeFile(beside, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    await rename(beside, this.file(name));
  }
}

/** connections.json: a PostgreSQL URL for each role, for psql and for tests. */
export interface Connections {
  admin: string;
  owner: string;
  app: string;
  auth: string;
  service: string;
}
