import { generate } from 'otplib';
import type { TestApp, Tokens } from './app.js';

interface Begun {
  id: string;
  secret: string;
}

/** Begins a TOTP factor. */
export async function totp(app: TestApp, { accessToken: token }: Tokens, name: string): Promise<Begun> {
  const { status, body, text } = await app.call<Begun>('POST', '/v1/auth/mfa/totp', { token, body: { name } });
  if (status !== 201) throw new Error(`${status} ${text}`);
  return body;
}

/** Activates it with the code of this moment. @returns the recovery codes */
export async function activate(app: TestApp, { accessToken: token }: Tokens, { id, secret }: Begun): Promise<string[]> {
  const body = { code: await generate({ secret }) };
  const answer = await app.call('POST', `/v1/auth/mfa/totp/${id}/activate`, { token, body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body.recoveryCodes;
}
