import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, chown, cp, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serverAccount } from '../../src/database/embedded/account.js';
import { locateBinaries } from '../../src/database/embedded/binaries.js';
import { createCluster } from '../../src/database/embedded/cluster.js';
import { openHome } from '../../src/database/embedded/home.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { chooseRunner } from '../../src/database/embedded/runner.js';
import { launch } from '../../src/database/embedded/server.js';
import { FAST, IS_ROOT, postmasterPid, query, started, startHolder, workspace } from './fixtures/support.js';

const NOBODY = { uid: 65534, gid: 65534 };
const uidOf = async (pid: number): Promise<number> => (await stat(`/proc/${pid}`)).uid;

/** These change accounts, which only root can. */
(IS_ROOT && process.platform === 'linux' ? describe : describe.skip)('accounts', () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  let home: string;

  beforeEach(async () => {
    space = await workspace();
    home = join(space.path, 'home');
  });
  afterEach(() => space.remove(home));

  it('lets root keep files of his own in the home, out of reach of the server', async () => {
    const database = await startEmbeddedPostgres({ home, settings: FAST });
    await writeFile(join(home, 'demo.json'), '{}', { mode: 0o600 });
    const uid = await uidOf(await postmasterPid(home));
    expect(uid).not.toBe(0);
    expect((await stat(home)).uid).toBe(0);
    await expect(query(database.adminUrl, `select pg_read_file('${home}/demo.json')`)).rejects.toThrow(/denied/);
    await database.stop();
  });

  it('serves a normal user, then root in his home as that user, then him again', async () => {
    await openHome(home);
    await chown(home, NOBODY.uid, NOBODY.gid);
    for (const how of [NOBODY, {}, NOBODY]) {
      const holder = startHolder(home, how);
      expect((await holder.until(started)).error).toBeUndefined();
      expect(await uidOf(await postmasterPid(home))).toBe(NOBODY.uid);
      holder.process.kill('SIGTERM');
      await holder.exited;
    }
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  it('tells a normal user plainly that a home belongs to another', async () => {
    const database = await startEmbeddedPostgres({ home, settings: FAST });
    const holder = startHolder(home, NOBODY);
    expect((await holder.until(started)).error).toMatch(/EACCES.*Set RINGFENCE_HOME/);
    await database.stop();
  });

  it('reaches a home below a directory of root alone by one capability', async () => {
    await chmod(space.path, 0o700);
    const database = await startEmbeddedPostgres({ home, settings: FAST });
    const pid = await postmasterPid(home);
    expect(await uidOf(pid)).not.toBe(0);
    expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/^CapEff:\s+0{15}[24]$/m);
    await query(database.adminUrl, 'create table t as select 1 as one');
    await database.stop();
    const again = await startEmbeddedPostgres({ home, settings: FAST });
    expect(await query(again.adminUrl, 'select one from t')).toEqual([{ one: 1 }]);
    await again.stop();
  });

  it('reaches programs below such a directory too', async () => {
    await chmod(space.path, 0o700);
    const { initdb } = await locateBinaries();
    await cp(join(dirname(initdb), '..'), join(space.path, 'native'), { recursive: true });
    const bin = join(space.path, 'native', 'bin');
    const binaries = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
    const paths = await openHome(home);
    const account = await serverAccount(paths);
    const runner = await chooseRunner(paths, binaries, account);
    const password = await createCluster(paths, binaries, runner, account);
    const server = await launch({ home: paths, postgres: binaries.postgres, runner, password, settings: FAST });
    await server.stop();
  });

  it('names the directory that is in the way when nothing helps', async () => {
    await chmod(space.path, 0o700);
    const paths = await openHome(home);
    const choice = chooseRunner(paths, { initdb: '/bin/false', postgres: '/bin/false' }, NOBODY);
    await expect(choice).rejects.toThrow(`cannot enter ${space.path}. Either start as a normal user, or`);
  });
});
