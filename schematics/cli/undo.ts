import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files as they were before they were changed, to bring them back when a later step fails. */
export class Undo {
  private readonly before = new Map<string, Buffer | undefined>();
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Call it before a file is written or deleted; the first call for a path counts. */
  keep(path: string): void {
    if (this.before.has(path)) return;
    try {
      this.before.set(path, readFileSync(join(this.root, path)));
    } catch {
      this.before.set(path, undefined); // not there
    }
  }

  restore(): void {
    for (const [path, content] of this.before) {
      const file = join(this.root, path);
      if (content === undefined) rmSync(file, { force: true });
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
    this.removeEmptyFolders();
  }

  /** Of what was created and is gone again, or of what was deleted. */
  removeEmptyFolders(): void {
    for (const path of this.before.keys()) {
      for (let folder = dirname(join(this.root, path)); folder.length > this.root.length; folder = dirname(folder)) {
        try {
          rmdirSync(folder);
        } catch {
          break; // something is in it, or it is gone
        }
      }
    }
  }
}
