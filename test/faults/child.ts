import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** One that is not up by then is ended, and what it wrote is told. */
const START_MS = 120_000;

/** A process of ours, from its source, with what it wrote. */
export class Child {
  written = '';
  private readonly gone: Promise<unknown>;

  private constructor(private readonly process: ChildProcess) {
    this.gone = once(process, 'close');
    for (const stream of [process.stdout, process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.written += text));
  }

  /** @param ready what it says once it is up */
  static async start(entry: string, ready: RegExp, env: Record<string, string>): Promise<Child> {
    const hooks = ['./test/support/ts-hooks.mjs', './test/faults/s3-paths.ts'].flatMap((hook) => ['--import', hook]);
    const child = new Child(
      spawn(process.execPath, [...hooks, entry], {
        env: { PATH: process.env['PATH'] ?? '', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    const late = setTimeout(() => child.process.kill('SIGKILL'), START_MS);
    await Promise.race([
      new Promise<void>((resolve) => child.process.stdout?.on('data', () => ready.test(child.written) && resolve())),
      child.gone.then(() => Promise.reject(new Error(`${entry} ended:\n${child.written}`))),
    ]).finally(() => clearTimeout(late));
    return child;
  }

  /** @throws Error with its last words when it has ended by itself */
  assertAlive(): void {
    const { exitCode, signalCode } = this.process;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`a process ended with ${exitCode ?? signalCode}:\n${this.written.slice(-4_000)}`);
  }

  /** SIGSTOP and SIGCONT: it lives on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.process.kill(name);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.process.kill(signal);
    await this.gone;
  }
}
