import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { createPrivateKey } from 'node:crypto';
import type { KeyRing } from '../../../config/index.js';
import type { AuthTransaction } from '../../../database/index.js';

/** A key that is not retired. */
export interface KeyRow {
  kid: string;
  public_jwk: JWK;
  private_key_encrypted: string;
  /** whether its time to sign has come, by the database's clock */
  ready: boolean;
}

const LOCK = 7_231_001;

/** One at a time makes and retires keys, until the transaction ends. */
export const lockKeys = (tx: AuthTransaction): Promise<unknown> => tx.query('select pg_advisory_xact_lock($1)', [LOCK]);

/** The keys that verify, newest first. The first that is ready signs. */
export const liveKeys = (tx: AuthTransaction): Promise<KeyRow[]> =>
  tx.query<KeyRow>(
    `select kid, public_jwk, private_key_encrypted, not_before <= now() as ready from auth.signing_keys
      where retired_at is null or retired_at > now() order by not_before desc, created_at desc, kid`,
  );

/** What a private key's ciphertext belongs to. */
export const boundTo = (kid: string): string => `signing-key:${kid}`;

/**
 * Makes an ES256 key and keeps its private half encrypted. Its kid is its thumbprint (RFC 7638).
 * @param delay seconds from now until it signs
 */
export async function makeKey(
  tx: AuthTransaction,
  ring: KeyRing,
  delay: number,
): Promise<KeyRow & { not_before: Date }> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const secret = createPrivateKey({ key: await exportJWK(pair.privateKey), format: 'jwk' });
  const sealed = ring.encrypt(secret.export({ type: 'pkcs8', format: 'pem' }).toString(), boundTo(kid));
  const [row] = await tx.query<{ not_before: Date }>(
    `insert into auth.signing_keys (kid, alg, public_jwk, private_key_encrypted, not_before)
     values ($1, 'ES256', $2, $3, clock_timestamp() + make_interval(secs => $4)) returning not_before`,
    [kid, JSON.stringify(publicJwk), sealed, delay],
  );
  if (!row) throw new Error('the new signing key was not stored');
  return { kid, public_jwk: publicJwk, private_key_encrypted: sealed, ready: delay <= 0, ...row };
}
