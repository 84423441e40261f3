import { expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Shutdown } from '../../src/start/shutdown.js';

const start = (env: Record<string, string> = {}): { child: ChildProcess; written: () => string } => {
  const hooks = ['--import', './test/support/ts-hooks.mjs'];
  const child = spawn(process.execPath, [...hooks, 'test/support/shutdown-process.ts'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (written += text));
  return { child, written: () => written };
};

it('a signal asks for an orderly end, at once repeated it is the same wish, and a second later it ends the process', async () => {
  const { child, written } = start();
  const says = async (text: string): Promise<void> => {
    while (!written().includes(text)) await once(child.stdout as NodeJS.EventEmitter, 'data');
  };
  await says('runs');
  child.kill('SIGTERM');
  await says('stopping');
  child.kill('SIGINT');
  const gone = once(child, 'close');
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  expect(await gone).toEqual([1, null]);
}, 20_000);

it.each([
  ['rejection', 'unhandledRejection, so it ends: Error: nobody waits for it'],
  ['throw', 'uncaughtException, so it ends: Error: nobody catches it'],
])(
  'what nobody waits for (%s) is told, and ends the process in order',
  async (FAULT, told) => {
    const { child, written } = start({ FAULT });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(written()).toContain(told);
    expect(written()).toContain('stopping');
  },
  20_000,
);

it('what does not stop is left as it is, and the rest is stopped', async () => {
  const shutdown = new Shutdown(50);
  const stopped: string[] = [];
  shutdown.first(async () => void stopped.push('the rest'));
  shutdown.first(() => new Promise(() => undefined));
  expect([await shutdown.run(), stopped]).toEqual([false, ['the rest']]);
});
