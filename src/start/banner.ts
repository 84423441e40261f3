import pc from 'picocolors';
import type { DemoFile } from './demo/seed.js';

/** Tells a first start's steps on a terminal or in a pipe: one line each, with how long it took. */
export class Progress {
  private current?: { name: string; since: number };

  constructor(private readonly out: (line: string) => void) {}

  step(name: string): void {
    this.done();
    this.current = { name, since: performance.now() };
  }

  done(): void {
    if (!this.current) return;
    const seconds = ((performance.now() - this.current.since) / 1000).toFixed(1);
    this.out(`  ${pc.green('✓')} ${this.current.name.padEnd(16)} ${pc.dim(`${seconds} s`)}`);
    this.current = undefined;
  }
}

/** Where it listens, where the docs are, whom to sign in as, how to stop. */
export function banner(url: string, demo: DemoFile, demoFile: string): string {
  const owner = demo.tenants[0]?.users.find((user) => user.role === 'owner');
  return [
    '',
    `${pc.bold('Ringfence')} listens on ${pc.cyan(url)}`,
    `  docs      ${pc.cyan(`${url}/docs`)}`,
    `  sign in   ${owner?.email}  ${owner?.password}`,
    `            ${pc.dim(`everybody else: ${demoFile}`)}`,
    ...(owner?.totpSecret
      ? [
          `            ${pc.dim('second factor: totpSecret there, for an authenticator app or npm run ringfence -- totp')}`,
        ]
      : []),
    `  tour      ${pc.bold('npm run demo')} in another terminal`,
    `  stop      Ctrl-C`,
    '',
  ].join('\n');
}
