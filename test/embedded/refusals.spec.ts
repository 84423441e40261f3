import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';
import { serverAccount } from '../../src/database/embedded/account.js';
import { locateBinaries } from '../../src/database/embedded/binaries.js';
import { readPassword } from '../../src/database/embedded/cluster.js';
import { openHome } from '../../src/database/embedded/home.js';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { chooseRunner } from '../../src/database/embedded/runner.js';
import { launch } from '../../src/database/embedded/server.js';
import { FAST, query, workspace } from './fixtures/support.js';

describe('startEmbeddedPostgres refuses', () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  let home: string;

  beforeAll(async () => {
    space = await workspace();
    home = join(space.path, 'home');
    const database = await startEmbeddedPostgres({ home, settings: FAST });
    await database.stop();
  });
  afterAll(() => space.remove(home));

  it('production', async () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    try {
      await expect(startEmbeddedPostgres({ home })).rejects.toThrow(/for development.*Set DATABASE_URL/);
    } finally {
      process.env.NODE_ENV = before;
    }
  });

  it.each(['/', homedir()])('the home %s, which is not its own directory', async (path) => {
    await expect(startEmbeddedPostgres({ home: path })).rejects.toThrow('must be a directory of its own');
  });

  it('a home that cannot be made', async () => {
    const file = join(space.path, 'a-file');
    await writeFile(file, '');
    await expect(startEmbeddedPostgres({ home: join(file, 'home') })).rejects.toThrow(/cannot be used.*Set RINGFENCE/);
  });

  it('a start that fails, with the last log lines, and gives the home back', async () => {
    const failing = startEmbeddedPostgres({ home, settings: { no_such_setting: '1' } });
    await expect(failing).rejects.toThrow(EmbeddedPostgresError);
    await expect(failing).rejects.toThrow(/did not start: it ended with code 1[^]*no_such_setting/);
    expect(await readdir(home)).not.toContain('ringfence.pid');
  });

  it('a port that is taken, by trying another', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const paths = await openHome(home);
    const binaries = await locateBinaries();
    const runner = await chooseRunner(paths, binaries, await serverAccount(paths));
    const common = { home: paths, postgres: binaries.postgres, runner, password: await readPassword(paths) };
    const port = (taken.address() as AddressInfo).port;
    try {
      let calls = 0;
      // The first choice is taken; 0 would be refused by the server, so the second comes from a socket closed again.
      const choosePort = async (): Promise<number> => (++calls === 1 ? port : freed());
      const server = await launch({ ...common, settings: FAST, choosePort });
      expect(calls).toBe(2);
      expect(await query(server.adminUrl, 'select 1 as one')).toHaveLength(1);
      await server.stop();
      const never = launch({ ...common, choosePort: async () => port });
      await expect(never).rejects.toThrow(/Address already in use/);
    } finally {
      taken.close();
    }
  });

  it('a database whose password file is lost', async () => {
    await rm(join(home, 'postgres.password'));
    await expect(startEmbeddedPostgres({ home })).rejects.toThrow(/no readable password file.*Restore that file/);
  });
});

async function freed(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
