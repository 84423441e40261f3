/** Stops what was started, newest first, once. */
export class Shutdown {
  private readonly closers: (() => Promise<void>)[] = [];
  private running?: Promise<void>;

  /** Registers what is to be stopped before everything registered so far. */
  first(close: () => Promise<void>): void {
    this.closers.unshift(close);
  }

  /**
   * Stops on SIGTERM and SIGINT, with exit code 0. A terminal sends SIGINT to npm and to us, and npm passes its own on:
   * the second one is the same wish.
   */
  onSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (this.running) return;
        process.stdout.write(`\n${signal}: finishing what is under way\n`);
        void this.run().then((clean) => process.exit(clean ? 0 : 1));
      });
    }
  }

  /** @returns whether everything stopped without an error; each error is told, and does not keep the rest from stopping */
  async run(): Promise<boolean> {
    let clean = true;
    this.running ??= (async () => {
      for (const close of this.closers) {
        await close().catch((error: unknown) => {
          clean = false;
          process.stderr.write(`stopping: ${String(error)}\n`);
        });
      }
    })();
    await this.running;
    return clean;
  }
}
