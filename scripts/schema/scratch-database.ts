import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapDatabase, type RolePasswords } from '../../src/database/bootstrap/bootstrap.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { migrate } from '../../src/database/migrator.js';

const secret = (): string => randomBytes(18).toString('base64url');

/** A server of its own with every migration and no row, for the time that `work` takes. Nothing has to run before. */
export async function withScratchDatabase<T>(
  work: (urls: Record<keyof RolePasswords | 'admin', string>) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'ringfence-scratch-'));
  await chmod(home, 0o755); // the server's account walks through it
  try {
    const server = await startEmbeddedPostgres({
      home: join(home, 'home'),
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    });
    try {
      const passwords = { owner: secret(), app: secret(), auth: secret(), service: secret() };
      const urls = await bootstrapDatabase(server.adminUrl, 'scratch', passwords);
      await migrate(urls.owner);
      return await work({ ...urls, admin: server.adminUrl.replace(/\/postgres$/, '/scratch') });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
