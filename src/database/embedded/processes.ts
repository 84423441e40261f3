import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from './error.js';

const run = promisify(execFile);

/** Whether a process with this id runs. A zombie counts as gone: in a container nobody may ever reap it. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return (await statFields(pid))?.[0] !== 'Z';
}

/**
 * An identity of the process that survives the reuse of its id: the boot and the start time on Linux, what `ps`
 * says elsewhere (macOS has no /proc), '' when neither answers.
 */
export async function startMark(pid: number): Promise<string> {
  // Field 22 of /proc/<pid>/stat; the fields here start at the third (state).
  const ticks = (await statFields(pid))?.[19];
  if (ticks === undefined) return ps(pid, 'lstart=');
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()}:${ticks}`;
}

/** Whether the directory is the process's working directory; false where the system does not tell (macOS). */
export async function worksIn(pid: number, directory: string): Promise<boolean> {
  return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === directory;
}

/** Whether the process's command line names the directory. */
export async function wasStartedFor(pid: number, directory: string): Promise<boolean> {
  const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return args === undefined ? (await ps(pid, 'command=')).includes(directory) : args.split('\0').includes(directory);
}

/** Waits until the process is gone; false when it still runs after the given time. */
export async function waitUntilGone(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (await isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** Sends a signal; a process that is already gone is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** /proc/<pid>/stat after the command name, which may itself hold spaces and parentheses. */
async function statFields(pid: number): Promise<string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

async function ps(pid: number, column: string): Promise<string> {
  return run('ps', ['-ww', '-o', column, '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}
