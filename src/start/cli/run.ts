import { parseArgs } from 'node:util';
import { CliError } from './cli-error.js';
import type { Command, Invocation } from './command.js';
import { explain } from './explain.js';
import { helpFor, helpOf } from './help.js';

/** Where a command prints, and what it reads. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  out: (line: string) => void;
  err: (line: string) => void;
}

/** Finds the command in the table and runs it. @returns the exit code: 0 done, 1 failed, 2 asked wrongly */
export async function runCli(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<number> {
  try {
    const asked = helpAsked(args);
    if (asked) return help(asked, commands, terminal);
    const command = commandOf(args, commands);
    if (!command) throw new CliError(`There is no command "${args.join(' ')}".\n\n${helpOf(commands)}`, 2);
    return await command.run(invocationOf(command, args, terminal));
  } catch (error) {
    terminal.err(explain(error));
    return error instanceof CliError ? error.exitCode : 1;
  }
}

/** The words after which help is meant: `help db status`, `db status --help`, or nothing at all. */
function helpAsked(args: readonly string[]): readonly string[] | undefined {
  if (args.length === 0) return [];
  if (args[0] === 'help') return args.slice(1);
  const flag = args.findIndex((arg) => arg === '--help' || arg === '-h');
  return flag === -1 ? undefined : args.slice(0, flag);
}

function help(words: readonly string[], commands: readonly Command[], { out }: Terminal): number {
  const command = commandOf(words, commands);
  out(command ? helpFor(command) : helpOf(commands));
  return 0;
}

/** The command whose name the words begin with. */
function commandOf(args: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word));
}

/** @throws CliError with the command's help for what it does not take */
function invocationOf(command: Command, args: readonly string[], { env, out }: Terminal): Invocation {
  const { words = [] } = command;
  const refuse = (why: string): CliError => new CliError(`${why}\n\n${helpFor(command)}`, 2);
  const { positionals, values } = parsed(command, args, refuse);
  const least = words.filter((word) => !word.startsWith('[')).length;
  if (positionals.length < least) throw refuse(`${words[positionals.length] ?? 'A word'} is missing.`);
  if (positionals.length > words.length) throw refuse(`"${positionals[words.length] ?? ''}" is too much.`);
  const given = Object.entries(values);
  return {
    env,
    out,
    words: positionals,
    options: Object.fromEntries(given.filter((one): one is [string, string] => typeof one[1] === 'string')),
    flags: new Set(given.flatMap(([name, value]) => (value === true ? [name] : []))),
  };
}

interface Parsed {
  positionals: string[];
  values: Record<string, string | boolean | undefined>;
}

function parsed(
  { name, options = {}, flags = {} }: Command,
  args: readonly string[],
  refuse: (why: string) => CliError,
): Parsed {
  const known = (names: object, type: 'string' | 'boolean'): Record<string, { type: typeof type }> =>
    Object.fromEntries(Object.keys(names).map((one) => [one, { type }]));
  try {
    const { positionals, values, tokens } = parseArgs({
      args: args.slice(name.split(' ').length),
      options: { ...known(options, 'string'), ...known(flags, 'boolean') },
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const again = given.find((one, index) => given.indexOf(one) !== index);
    if (again) throw new Error(`Option '--${again}' is given twice`); // of two, one would be dropped unsaid
    return { positionals, values };
  } catch (error) {
    throw refuse((error as Error).message.split('. ', 1).join()); // the rest is advice on writing words that look like options
  }
}
