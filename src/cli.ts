import 'reflect-metadata';
import { COMMANDS } from './start/cli/commands.js';
import { runCli } from './start/cli/run.js';

const printTo = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`);

// The code is set and not exited with: what was printed into a pipe must still arrive.
process.exitCode = await runCli(process.argv.slice(2), COMMANDS, {
  env: process.env,
  out: printTo(process.stdout),
  err: printTo(process.stderr),
});
