import { randomUUID } from 'node:crypto';
import type { KeyRing } from '../../config/index.js';
import { canonicalEmail } from '../../route/index.js';
import { invitationHash, newSecret } from '../identity/index.js';
import { Letters } from '../mail/index.js';

/** What a tenant's first invitation needs in the database: a token's hash and a mail, both made with the key ring. */
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
  ring: KeyRing,
  webUrl: string,
  { adminEmail, tenant }: { adminEmail: string; tenant: string },
): FirstInvitation {
  const email = canonicalEmail(adminEmail);
  const token = newSecret();
  const mailId = randomUUID();
  const link = `${webUrl}/account/invitation#token=${token}`;
  const sealed = new Letters(ring).seal(mailId, email, {
    template: 'invitation',
    values: { tenant, role: 'Owner', link, days: DAYS },
  });
  return { email, tokenHash: invitationHash(ring, token), mailId, sealed };
}
