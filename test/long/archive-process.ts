import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';

/** Runs commands, lists of words as JSON, and says by how many bytes memory grew at most behind the first. */
const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
const [first, ...rest] = JSON.parse(process.argv[2] ?? '[]') as string[][];
const run = async (words: string[]): Promise<void> => {
  const errors: string[] = [];
  const code = await runCli(words, COMMANDS, {
    env: process.env,
    out: () => undefined,
    err: (line) => errors.push(line),
  });
  if (code !== 0) throw new Error(errors.join('\n'));
};
await run(first ?? []);
const before = peak();
for (const words of rest) await run(words);
process.stdout.write(String(peak() - before));
