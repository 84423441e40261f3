import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { isAlive } from '../../src/database/embedded/processes.js';
import { FAST, postmasterPid, query, started, startHolder, workspace } from './fixtures/support.js';

describe('a process that ends without stopping its database', () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  let home: string;

  beforeEach(async () => {
    space = await workspace();
    home = join(space.path, 'home');
  });
  afterEach(() => space.remove(home));

  it('holds the home while it lives; killed, its server is ended and its data kept', async () => {
    const holder = startHolder(home);
    const { adminUrl = '', error } = await holder.until(started);
    expect(error).toBeUndefined();
    await expect(startEmbeddedPostgres({ home })).rejects.toThrow(`in use by process ${holder.process.pid};`);
    await query(adminUrl, 'create table kept as select 42 as answer');

    holder.process.kill('SIGKILL');
    await holder.exited;
    const orphan = await postmasterPid(home);
    expect(await isAlive(orphan)).toBe(true);

    const steps: string[] = [];
    const database = await startEmbeddedPostgres({ home, settings: FAST, onStep: (step) => steps.push(step) });
    expect(await isAlive(orphan)).toBe(false);
    expect(steps).toEqual(['stop-orphan', 'start']);
    expect(database.firstRun).toBe(false);
    expect(await query(database.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await database.stop();
  });

  (process.platform === 'linux' ? it : it.skip)('is recognised even after its home was moved', async () => {
    const holder = startHolder(home);
    await holder.until(started);
    const orphan = await postmasterPid(home);
    holder.process.kill('SIGKILL');
    await holder.exited;
    await rename(home, `${home}-moved`);
    const database = await startEmbeddedPostgres({ home: `${home}-moved`, settings: FAST });
    expect(await isAlive(orphan)).toBe(false);
    await database.stop();
  });

  it('does not wait for the database when nothing else is left to do', async () => {
    const holder = startHolder(home, { mode: 'idle' });
    await holder.until(started);
    await holder.exited;
    expect(holder.process.exitCode).toBe(0);
  });

  it('stops it in order when asked', async () => {
    const holder = startHolder(home);
    await holder.until(started);
    const pid = await postmasterPid(home);
    holder.process.kill('SIGTERM');
    await holder.exited;
    expect([holder.process.exitCode, holder.process.signalCode]).toEqual([0, null]);
    expect(await isAlive(pid)).toBe(false);
    expect(await readdir(home)).not.toContain('ringfence.pid');
  });

  it('leaves an unrelated process alone that got the id of a dead server', async () => {
    const database = await startEmbeddedPostgres({ home, settings: FAST });
    await database.stop();
    const stranger = spawn('sleep', ['60']);
    try {
      const file = join(home, 'postgres', 'postmaster.pid');
      await writeFile(file, `${stranger.pid}\n${join(home, 'postgres')}\n1\n1\n\n127.0.0.1\n\nready\n`);
      const again = await startEmbeddedPostgres({ home, settings: FAST });
      expect(await postmasterPid(home)).not.toBe(stranger.pid);
      expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
      await again.stop();
    } finally {
      stranger.kill();
      await once(stranger, 'exit');
    }
  });

  it('killed half way through the first run, bricks nothing', async () => {
    const holder = startHolder(home);
    await holder.until(({ step }) => step === 'initdb');
    // Until initdb has really begun to write.
    const begun = async (): Promise<boolean> => {
      const fresh = (await readdir(home)).find((name) => name.startsWith('postgres.new-'));
      return fresh !== undefined && (await readdir(join(home, fresh)).catch(() => [])).length > 3;
    };
    while (!(await begun())) await new Promise((resolve) => setTimeout(resolve, 5));
    holder.process.kill('SIGKILL');
    await holder.exited;
    expect(await readdir(home)).not.toContain('postgres');

    const database = await startEmbeddedPostgres({ home, settings: FAST });
    expect(database.firstRun).toBe(true);
    expect((await readdir(home)).filter((name) => name.includes('-'))).toEqual([]);
    await database.stop();
  });
});
