import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, toldError } from '../errors/index.js';

/** How long one thing may take to stop: longer than jobs drain, shorter than platforms wait before they kill. */
const STOP_MS = 24_000;
/** From then on a second signal is a wish of its own, and not the first one passed on. */
const SAME_WISH_MS = 1_000;
const FAULTS_TOLD = 10;

/** Stops what was started, newest first, once. */
export class Shutdown {
  private readonly closers: (() => Promise<void>)[] = [];
  private running?: Promise<boolean>;
  private askedAt?: number;
  private exitCode = 0;
  private faults = 0;

  /** @param stopMs milliseconds that each thing may take to stop */
  constructor(private readonly stopMs = STOP_MS) {}

  /** Registers what is to be stopped before everything registered so far. */
  first(close: () => Promise<void>): void {
    this.closers.unshift(close);
  }

  /**
   * Stops on SIGTERM and SIGINT, with exit code 0. A terminal sends SIGINT to npm and to us, and npm passes its own on:
   * that is the same wish. A second one later ends the process at once.
   */
  onSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (this.askedAt !== undefined && performance.now() - this.askedAt >= SAME_WISH_MS) process.exit(1);
        if (this.askedAt !== undefined) return;
        process.stdout.write(`\n${signal}: finishing what is under way\n`);
        this.end();
      });
    }
  }

  /**
   * Stops with exit code 1 when something was thrown where nobody waits for it: what else it left undone is not known, so
   * the process does not stay, but what others have under way here may end.
   */
  onFaults(): void {
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        this.exitCode = 1;
        this.faults += 1;
        if (this.faults <= FAULTS_TOLD)
          new Logger('Process').error(`${event}, so it ends: ${toldError(error)}`, describeError(error).frames);
        this.end();
      });
    }
  }

  /** @returns whether everything stopped without an error; each error is told, and does not keep the rest from stopping */
  run(): Promise<boolean> {
    return (this.running ??= this.stopAll());
  }

  private end(): void {
    if (this.askedAt !== undefined) return;
    this.askedAt = performance.now();
    void this.run().then((clean) => process.exit(clean ? this.exitCode : 1));
  }

  private async stopAll(): Promise<boolean> {
    let clean = true;
    for (const close of this.closers) {
      await this.within(close).catch((error: unknown) => {
        clean = false;
        process.stderr.write(`stopping: ${toldError(error)}\n`);
      });
    }
    return clean;
  }

  /** @throws Error when it takes too long: it is left as it is */
  private async within(close: () => Promise<void>): Promise<void> {
    const stopped = new AbortController();
    const late = sleep(this.stopMs, undefined, { signal: stopped.signal }).then(() => {
      throw new Error(`given up after ${this.stopMs / 1000} s`);
    });
    late.catch(() => undefined); // it stopped in time
    try {
      await Promise.race([close(), late]);
    } finally {
      stopped.abort();
    }
  }
}
