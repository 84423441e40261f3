import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { canonicalEmail } from '../../route/index.js';
import type { Letters } from '../mail/index.js';

/** What a tenant's first invitation needs in the database: a token's hash, and a mail that only the key ring opens. */
export interface FirstInvitation {
  /** in its canonical spelling */
  email: string;
  tokenHash: Buffer;
  mailId: string;
  sealed: string;
}

/** As long as the database lets an invitation live. */
const DAYS = 7;

/** Draws the token and seals the mail that carries it. @param webUrl where the links of mails lead */
export function firstInvitation(
  letters: Letters,
  webUrl: string,
  { adminEmail, tenant }: { adminEmail: string; tenant: string },
): FirstInvitation {
  const email = canonicalEmail(adminEmail);
  const token = randomBytes(32).toString('base64url');
  const mailId = randomUUID();
  const link = `${webUrl}/account/invitation#token=${token}`;
  const sealed = letters.seal(mailId, email, {
    template: 'invitation',
    values: { tenant, role: 'Owner', link, days: DAYS },
  });
  return { email, tokenHash: createHash('sha256').update(token).digest(), mailId, sealed };
}
