/** An error that whoever typed the command can mend: its message says what is wrong and what to do next. */
export class CliError extends Error {
  override name = 'CliError';

  /** @param exitCode 1: it failed; 2: it was asked wrongly */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
