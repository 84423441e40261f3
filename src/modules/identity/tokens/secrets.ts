import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A new opaque secret: 256 random bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored of an opaque secret. A plain hash suffices: the secret has full entropy. */
export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * The refresh token that follows another. Computed instead of drawn, so that a repeat of a lost answer gets the same
 * successor although only hashes are stored, and two lineages cannot come of one token.
 */
export const successorOf = (refreshToken: string, key: Buffer): string =>
  createHmac('sha256', key).update(refreshToken).digest('base64url');
