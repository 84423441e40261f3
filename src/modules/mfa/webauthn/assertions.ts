import { Injectable } from '@nestjs/common';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { generateKeyPairSync } from 'node:crypto';
import { type Asker, Challenges } from './challenges.js';
import type { AssertionCredential } from './dto/credentials.js';
import { type PasskeyRow, PasskeysRepository } from './passkeys.repository.js';
import { RelyingParty } from './relying-party.js';
import { isHandleOf } from './user-handle.js';

/** A verified use of a passkey. Its counter is still to be compared. */
export interface Proof {
  passkey: PasskeyRow;
  counter: number;
}

/** Methods of a passkey that verified its user (RFC 8176): proof of possession of a key, presence, several factors. */
export const PASSKEY_AMR = ['mfa', 'pop', 'user'];

/** Verifies what authenticators sign (WebAuthn level 2, section 7.2). */
@Injectable()
export class Assertions {
  /** what the signature of an unknown credential is compared with, so that it takes the time of a known one */
  private readonly decoy = decoyKey();

  constructor(
    private readonly challenges: Challenges,
    private readonly passkeys: PasskeysRepository,
    private readonly relyingParty: RelyingParty,
  ) {}

  /**
   * @param asker whose session is to be raised; none for a sign-in, where the passkey itself says whose it is
   * @returns undefined, whatever is wrong: the challenge, the page, the user's verification, the signature, the owner
   */
  async prove(credential: AssertionCredential, asker?: Asker): Promise<Proof | undefined> {
    const { clientDataJSON, userHandle } = credential.response;
    const challenge = await this.challenges.take('webauthn_authentication', clientDataJSON, asker);
    const passkey = await this.passkeys.find(credential.id);
    const key = passkey?.public_key ?? this.decoy;
    const counter = challenge === undefined ? undefined : await this.relyingParty.asserted(credential, challenge, key);
    if (!passkey || counter === undefined) return undefined;
    const named = userHandle === undefined ? asker !== undefined : isHandleOf(passkey.user_id, userHandle);
    const theirs = asker === undefined || passkey.user_id === asker.userId;
    return named && theirs ? { passkey, counter } : undefined;
  }
}

/** A COSE_Key (RFC 9053 section 7.1.1) for ES256 whose private half nobody has. */
function decoyKey(): Buffer {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const bytes = (part = ''): Uint8Array => new Uint8Array(Buffer.from(part, 'base64url'));
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ]);
  return Buffer.from(isoCBOR.encode(key));
}
