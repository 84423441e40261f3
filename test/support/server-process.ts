import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDatabase } from './database.js';
import { HARDLY_LIMITED } from './hardly-limited.js';

/** The server as `npm start` runs it, in a process of its own, with everything that it ever wrote. */
export class ServerProcess {
  private output = '';

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  static async start(db: TestDatabase, env: Record<string, string> = {}): Promise<ServerProcess> {
    const home = await mkdtemp(join(tmpdir(), 'ringfence-server-'));
    const port = await freePort();
    const child = spawn(process.execPath, ['--import', './test/support/ts-hooks.mjs', 'src/main.ts'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        RINGFENCE_HOME: home,
        PORT: String(port),
        APP_DATABASE_URL: db.connections.app,
        AUTH_DATABASE_URL: db.connections.auth,
        ...HARDLY_LIMITED,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new ServerProcess(`http://127.0.0.1:${port}`, child, home);
    await server.untilListening();
    return server;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** The keys that it made for itself, for further servers of the same installation. */
  get keyRing(): string {
    return join(this.home, 'keyring.json');
  }

  /** What it wrote so far, on both streams. */
  get written(): string {
    return this.output;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'close');
      this.child.kill('SIGTERM');
      await gone;
    }
    await rm(this.home, { recursive: true, force: true });
  }

  private async untilListening(): Promise<void> {
    const said = new Promise<void>((resolve, reject) => {
      this.child.stdout?.on('data', () => /listens on/.test(this.output) && resolve());
      this.child.once('exit', () => reject(new Error(`the server ended:\n${this.output}`)));
    });
    await said;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
