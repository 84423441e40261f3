import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { openHome, type Home } from '../../src/database/embedded/home.js';
import { takeLock } from '../../src/database/embedded/lock.js';
import { isAlive, startMark } from '../../src/database/embedded/processes.js';
import { workspace } from './fixtures/support.js';

describe('the lock of a home', () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  let home: Home;

  beforeEach(async () => {
    space = await workspace();
    home = await openHome(`${space.path}/home`);
  });
  afterEach(() => space.remove());

  it('names its holder, is refused while held and is gone after the release', async () => {
    const release = await takeLock(home, process.pid);
    expect((await readFile(home.lock, 'utf8')).split('\n')).toEqual([
      String(process.pid),
      await startMark(process.pid),
      '',
    ]);
    await expect(takeLock(home, process.pid)).rejects.toThrow(`in use by process ${process.pid};`);
    await release();
    expect(await readdir(home.directory)).toEqual([]);
  });

  it('is taken over from a process that ended', async () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    await writeFile(home.lock, `${ended}\nlong ago\n`);
    await (
      await takeLock(home, process.pid)
    )();
  });

  it('is taken over when the id went to another process', async () => {
    await writeFile(home.lock, `${process.pid}\nanother start\n`);
    await (
      await takeLock(home, process.pid)
    )();
  });

  it.each(['', 'no number\n', '-1\n', '0\n\n'])('is taken over when unreadable: %j', async (content) => {
    await writeFile(home.lock, content);
    await (
      await takeLock(home, process.pid)
    )();
  });

  it('goes to exactly one of many that take over a stale one together', async () => {
    await writeFile(home.lock, `${process.pid}\nanother start\n`);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(home, process.pid)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(home.directory)).toEqual(['ringfence.pid']);
  });

  it('survives a process killed while taking over', async () => {
    await writeFile(home.lock, 'stale\n');
    const digest = createHash('sha256').update('stale\n').digest('hex').slice(0, 16);
    const claim = `${home.lock}.claim-${digest}`;
    await writeFile(claim, '');
    const taken = takeLock(home, process.pid);
    // An unexpired claim is respected; the claim's own holder would go away within milliseconds.
    expect(await Promise.race([taken.then(() => 'taken'), delay(100, 'waiting')])).toBe('waiting');
    await rm(claim);
    await (
      await taken
    )();
    expect(await readdir(home.directory)).toEqual([]);
  });

  it('is not removed by a release that comes after another process took it', async () => {
    const release = await takeLock(home, process.pid);
    await rm(home.lock);
    await writeFile(home.lock, 'another\n');
    await release();
    expect(await readdir(home.directory)).toEqual(['ringfence.pid']);
  });

  it('tells the living from the dead', async () => {
    expect(await isAlive(process.pid)).toBe(true);
    expect(await isAlive(1)).toBe(true);
    expect(await isAlive(spawnSync(process.execPath, ['-e', '']).pid)).toBe(false);
  });
});
