import type { KeyRing } from '../../../config/index.js';
import { newTotpSecret, sealTotpSecret } from './totp.js';

/** Statements of ringfence_service: whoever plants brings the connection; this module has no way past the fence. */
interface ServiceStatements {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** A TOTP factor that is active from the start, without recovery codes: for a demo's people. @returns its secret, base32 */
export async function plantTotp(client: ServiceStatements, ring: KeyRing, userId: string): Promise<string> {
  const [drawn] = await client.query<{ id: string }>('select uuidv7() as id');
  const { id } = drawn as { id: string };
  const secret = newTotpSecret();
  await client.query(
    `insert into auth.factors (id, user_id, type, name, totp_secret_encrypted, activated_at)
     values ($1, $2, 'totp', 'Authenticator app', $3, now())`,
    [id, userId, sealTotpSecret(ring, id, secret)],
  );
  return secret;
}
