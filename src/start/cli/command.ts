/** What a command is given: where it prints, the environment it reads, and what was typed after its name. */
export interface Invocation {
  env: NodeJS.ProcessEnv;
  out: (line: string) => void;
  /** words that are no option, in order; as many as the command asks for */
  words: readonly string[];
  /** options by name; only those that the command knows, and only if they were given */
  options: Readonly<Record<string, string | undefined>>;
  /** names of the flags that were given; only those that the command knows */
  flags: ReadonlySet<string>;
}

/** One entry of the table in commands.ts. */
export interface Command {
  /** as it is typed: `db bootstrap` */
  name: string;
  summary: string;
  /** what further words mean: `<file>`; those that may be left out come last: `[user-id]` */
  words?: readonly string[];
  /** options that take a value, with what they mean */
  options?: Readonly<Record<string, string>>;
  /** options that take none: they are given or not */
  flags?: Readonly<Record<string, string>>;
  /** variables that it reads, with what they mean */
  variables?: Readonly<Record<string, string>>;
  /** @returns the exit code: 0 done, 1 not as it should be @throws CliError for what whoever typed it can mend */
  run(invocation: Invocation): Promise<number>;
}
