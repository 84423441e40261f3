import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError, errorCode } from './error.js';
import { shareWithOwner, type Home } from './home.js';
import { isAlive, startMark } from './processes.js';

/** A claim (see `takeOver`) lasts milliseconds; one this old was left by a process killed in just that moment. */
const CLAIM_MS = 10_000;
const PATIENCE_MS = 2 * CLAIM_MS;

/** Gives the home back. */
export type Release = () => Promise<void>;

/**
 * Takes the home for one process: `ringfence.pid` holds its id and start mark, so that a file left by a killed
 * process is recognised even after its id went to another one.
 */
export async function takeLock(home: Home, pid: number): Promise<Release> {
  const content = `${pid}\n${await startMark(pid)}\n`;
  const draft = `${home.lock}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
    await shareWithOwner(home, draft);
    await place(home, draft);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `${home.lock} cannot be written (${errorCode(error)}). Set RINGFENCE_HOME to a directory you can write to.`,
    );
  } finally {
    // Where the draft could not be written it cannot be removed either; that must not hide the reason.
    await rm(draft, { force: true }).catch(() => undefined);
  }
  return () => releaseLock(home, content);
}

async function place(home: Home, draft: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (await linked(draft, home.lock)) return;
    const found = await readLock(home);
    if (found === undefined) continue;
    if (await isHeld(found)) throw inUse(home, found);
    if (await takeOver(home, draft, found)) return;
    await delay(10);
  }
  throw new EmbeddedPostgresError(`${home.lock} cannot be taken over. Remove it if no process uses this home.`);
}

/** Like an exclusive create, but the file appears with its content: nobody ever reads a half-written lock. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Replaces a stale lock. Only who holds the claim on exactly this stale content may do so, and looks again once he
 * has it; without that, two starters that both saw the stale file would each remove what the other put there.
 */
async function takeOver(home: Home, draft: string, stale: string): Promise<boolean> {
  const claim = `${home.lock}.claim-${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`;
  if (!(await linked(draft, claim))) {
    const age = await stat(claim).then(
      ({ ctimeMs }) => Date.now() - ctimeMs,
      () => 0,
    );
    if (age > CLAIM_MS) await rm(claim, { force: true });
    return false;
  }
  try {
    if ((await readLock(home)) !== stale) return false;
    await rename(draft, home.lock);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

async function readLock(home: Home): Promise<string | undefined> {
  try {
    return await readFile(home.lock, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new EmbeddedPostgresError(
      `${home.lock} belongs to another user (${errorCode(error)}). Start as that user or set another RINGFENCE_HOME.`,
    );
  }
}

async function isHeld(content: string): Promise<boolean> {
  const [pid = '', mark = ''] = content.split('\n');
  if (!/^[1-9]\d*$/.test(pid) || !(await isAlive(Number(pid)))) return false;
  const now = await startMark(Number(pid));
  // Without a mark on either side we cannot tell two processes apart; the safe answer is "held".
  return mark === '' || now === '' || mark === now;
}

async function releaseLock(home: Home, content: string): Promise<void> {
  if ((await readFile(home.lock, 'utf8').catch(() => '')) === content) await rm(home.lock, { force: true });
}

function inUse(home: Home, content: string): EmbeddedPostgresError {
  const pid = content.split('\n')[0];
  return new EmbeddedPostgresError(
    `RINGFENCE_HOME ${home.directory} is in use by process ${pid}; stop it or set another RINGFENCE_HOME`,
  );
}
