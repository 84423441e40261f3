import { generate } from 'otplib';
import { text } from 'node:stream/consumers';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';

const STEP_SECONDS = 30;

/** `totp`: the code of this half minute and of the next, of a secret that is piped in; never an argument, which others see. */
export async function totp({ out }: Invocation): Promise<number> {
  if (process.stdin.isTTY) throw new CliError('Pipe the secret in: echo $SECRET | npm run -s ringfence -- totp');
  const secret = (await text(process.stdin)).trim();
  if (!/^[A-Z2-7]{16,}=*$/i.test(secret)) throw new CliError('What was piped in is not a base32 secret.');
  const now = Math.floor(Date.now() / 1000);
  out(await generate({ secret, epoch: now }));
  out(await generate({ secret, epoch: now + STEP_SECONDS }));
  return 0;
}
