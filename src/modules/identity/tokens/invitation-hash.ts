import { createHmac } from 'node:crypto';
import type { KeyRing } from '../../../config/index.js';

const PURPOSE = 'invitation';

/**
 * What is stored of an invitation's token. Keyed from outside the database: whoever can write a hash there, but does not
 * have the key ring, cannot make one of a token that they know, and so not accept in the name of somebody else's address.
 */
export const invitationHash = (ring: KeyRing, token: string): Buffer => hashUnder(ring.derive(PURPOSE), token);

/** What may be stored of a token that is presented: an invitation outlives a change of the ring's current key. */
export const invitationHashes = (ring: KeyRing, token: string): Buffer[] =>
  ring.deriveEach(PURPOSE).map((key) => hashUnder(key, token));

const hashUnder = (key: Buffer, token: string): Buffer => createHmac('sha256', key).update(token).digest();
