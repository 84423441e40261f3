import { AuditFault, UnusableInput, verifyFile } from '../../audit-verifier/ringfence-audit-verify.mjs';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';

/** `audit verify <export>`: what the one-file verifier says, which is also what auditors run without this command. */
export async function auditVerify({ out, words, options }: Invocation): Promise<number> {
  const listOf = (value = ''): string[] => value.split(',').filter((one) => one !== '');
  const [file = ''] = words;
  try {
    const lines = await verifyFile({
      file,
      checkpointFiles: listOf(options.checkpoint),
      keys: listOf(options.key),
    });
    for (const line of lines) out(line);
    return 0;
  } catch (error) {
    if (error instanceof AuditFault || error instanceof UnusableInput)
      throw new CliError(error.message, error.exitCode);
    throw error;
  }
}
