import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TestEnvironment } from '../support/environment.js';

/** A spec that takes longer hangs for want of what was taken out. */
const AT_MOST_MS = 180_000;
/** then a new process takes over: what jest keeps of each spec adds up */
const SPECS_A_PROCESS = 60;

/** Whether a spec went red, and how long it took. One that ended its process, or did not end, is red. */
export interface Ran {
  red: boolean;
  seconds: number;
}

/** A copy of the project, and the process that runs its specs one by one. */
export class Lane {
  private child?: ChildProcess;
  private left = 0;

  constructor(readonly folder: string) {}

  /** @param environment whose template the spec clones */
  async run(spec: string, environment: TestEnvironment, more: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const file = join(this.folder, 'environment.json');
    await writeFile(file, JSON.stringify(environment), { mode: 0o600 });
    const child = this.living();
    const timer = setTimeout(() => child.kill('SIGKILL'), AT_MOST_MS);
    const over = new AbortController();
    const answered = once(child, 'message', over).then(([ran]) => ran as Ran);
    const gone = once(child, 'exit', over).then((): Ran => ({ red: true, seconds: AT_MOST_MS / 1000 }));
    child.send({ spec, env: { RINGFENCE_TEST: file, ...more } });
    const ran = await Promise.race([answered, gone]);
    clearTimeout(timer);
    for (const one of [answered, gone]) one.catch(() => undefined);
    over.abort();
    return ran;
  }

  end(): void {
    this.child?.kill('SIGTERM');
  }

  private living(): ChildProcess {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null && this.left > 0) {
      this.left -= 1;
      return child;
    }
    this.end();
    this.left = SPECS_A_PROCESS;
    return (this.child = fork(resolve(this.folder, 'test/mutation/spec-process.mjs'), {
      cwd: this.folder,
      execArgv: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    }));
  }
}
