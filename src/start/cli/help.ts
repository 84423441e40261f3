import type { Command } from './command.js';

const WIDTH = 28;
const line = (name: string, meaning: string): string => `  ${name.padEnd(WIDTH)} ${meaning}`;

/** Every command, a line each. */
export function helpOf(commands: readonly Command[]): string {
  return [
    'Usage: npm run ringfence -- <command>',
    '',
    ...commands.map((command) => line(usageOf(command), command.summary)),
    line('help [command]', 'this list, or what a command takes'),
    '',
  ].join('\n');
}

/** One command with its options and variables. */
export function helpFor(command: Command): string {
  const options = [
    ...Object.entries(command.options ?? {}).map(([name, meaning]) => line(`--${name} <value>`, meaning)),
    ...Object.entries(command.flags ?? {}).map(([name, meaning]) => line(`--${name}`, meaning)),
  ];
  const variables = Object.entries(command.variables ?? {}).map(([name, meaning]) => line(name, meaning));
  return [
    `Usage: npm run ringfence -- ${usageOf(command)}${options.length > 0 ? ' [options]' : ''}`,
    '',
    `  ${command.summary}`,
    ...(options.length > 0 ? ['', 'Options:', ...options] : []),
    ...(variables.length > 0 ? ['', 'Environment:', ...variables] : []),
    '',
  ].join('\n');
}

const usageOf = ({ name, words = [] }: Command): string => [name, ...words].join(' ');
