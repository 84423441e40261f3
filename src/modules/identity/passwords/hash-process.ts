import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { HashAnswer, HashTask } from './hash-worker.js';

const PROGRAM = import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js';
/** how long a process that has nothing to do is kept: starting one takes about 100 ms */
const IDLE_MS = 60_000;

interface Running {
  child: ChildProcess;
  waiting: Map<number, PromiseWithResolvers<HashAnswer>>;
}

/**
 * A process of the lowest priority that hashes. Not threads of ours: one that is preempted while it holds a lock of the
 * address space makes the event loop wait for the least important work there is (docs/adr/0009). It starts with the
 * first task, ends when it has been idle for a minute, or with us, and never keeps us from ending.
 */
export class HashProcess {
  private running?: Running;
  private lastId = 0;
  private idle?: NodeJS.Timeout;

  /** @param threads tasks computed at once; further ones wait in the process, first come, first served */
  constructor(private readonly threads: number) {}

  /** @returns undefined when it could not be computed @throws Error when the process ended before */
  async run(task: HashTask): Promise<HashAnswer> {
    const running = (this.running ??= this.start());
    const { child, waiting } = running;
    const id = (this.lastId += 1);
    const answer = Promise.withResolvers<HashAnswer>();
    waiting.set(id, answer);
    clearTimeout(this.idle);
    child.channel?.ref();
    child.send({ ...task, id }, (error) => error && this.lost(running));
    try {
      return await answer.promise;
    } finally {
      waiting.delete(id);
      if (waiting.size === 0) this.rest(running);
    }
  }

  /** Ends the process. What it still works on fails. */
  async close(): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.child.ref(); // waited for now, if nothing else keeps us
    this.lost(running);
    if (running.child.exitCode === null && running.child.signalCode === null) await once(running.child, 'exit');
  }

  private start(): Running {
    const child = fork(fileURLToPath(new URL(PROGRAM, import.meta.url)), {
      env: { UV_THREADPOOL_SIZE: String(this.threads) }, // and none of the server's secrets
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true, // Ctrl-C is for the server, which answers what is under way
    });
    const running: Running = { child, waiting: new Map() };
    child.on('message', ({ id, answer }: { id: number; answer?: HashAnswer }) => {
      running.waiting.get(id)?.resolve(answer);
    });
    child.once('error', () => this.lost(running));
    child.once('exit', () => this.lost(running));
    child.unref();
    if (child.pid !== undefined) standBack(child.pid);
    return running;
  }

  /** Nothing is under way: we may end, and after a while it does. */
  private rest(running: Running): void {
    running.child.channel?.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.lost(running), IDLE_MS).unref();
  }

  private lost(running: Running): void {
    if (this.running === running) this.running = undefined;
    for (const { reject } of running.waiting.values())
      reject(new Error('the hashing process ended before its work was done'));
    if (running.child.connected) running.child.disconnect(); // which it takes for its end
  }
}

/** Before the process makes a thread, so that all of them inherit it. Whoever may not is left as important as the rest. */
function standBack(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
    // Linux on a desktop weighs sessions before processes (sched(7), autogroup), and the process leads one of its own
    if (process.platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, '19');
  } catch {
    return;
  }
}
