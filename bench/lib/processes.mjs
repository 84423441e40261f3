/** Starting what the benchmark needs, and stopping exactly that, whatever happens. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const closers = [];
let closing;

/** Registers what is to be undone at the end; the newest is undone first. */
export const cleanup = (close) => void closers.unshift(close);

export function cleanUp() {
  closing ??= (async () => {
    for (const close of closers)
      await Promise.resolve(close()).catch((error) => process.stderr.write(`clean-up: ${error.message}\n`));
  })();
  return closing;
}

export const isCleaningUp = () => closing !== undefined;

/** Ends the run on a signal, or on an error that nobody caught, after undoing what was done. */
export function cleanUpOnSignals() {
  const end = (code) => {
    process.exitCode ??= code;
    void cleanUp().then(() => process.exit());
  };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.on(signal, () => end(code));
  process.on('uncaughtException', (error) => {
    if (isCleaningUp()) return; // its database has just gone
    process.stderr.write(`\nThe benchmark failed: ${error.stack}\n`);
    end(1);
  });
}

/** Starts a server as a process of its own; what it writes is kept for the message if it fails. */
export function startProcess(name, args, env) {
  if (isCleaningUp()) throw new Error('interrupted');
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (output = (output + data).slice(-4_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  cleanup(() => stop(child, ended));
  return { name, child, ended, output: () => output };
}

async function stop(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(force);
}

/** Runs a program to its end. @returns what it wrote @throws with what it wrote to stderr */
export function runToEnd(file, args, options = {}) {
  if (isCleaningUp()) return Promise.reject(new Error('interrupted'));
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const ended = new Promise((done) => child.once('exit', done));
    cleanup(() => stop(child, ended));
    let out = '';
    let err = '';
    child.stdout?.on('data', (data) => (out += data));
    child.stderr?.on('data', (data) => (err += data));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(err.trim() || `${file} ended with code ${code}`)),
    );
  });
}

/** Processor time that a process has used, microseconds; undefined where there is no /proc. */
export function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10_000; // ticks of 10 ms
  } catch {
    return undefined;
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `attempt` gives a value. @throws when the process ends first, or after `ms` */
export async function untilReady(process_, attempt, ms = 20_000) {
  for (const deadline = Date.now() + ms; ;) {
    let reason;
    try {
      return await attempt();
    } catch (error) {
      reason = error;
    }
    const { child, name, output } = process_;
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`${name} did not start (${reason.message}):\n${output()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
