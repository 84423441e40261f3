import { Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { KeyRing } from '../../config/index.js';

/** A secret for its row, which holds it encrypted. */
export interface NewSecret {
  id: string;
  /** as the receiver gets it, once: `whsec_` and base64 (Standard Webhooks) */
  secret: string;
  sealed: string;
}

/** One that signs, as its row has it. */
export interface SealedSecret {
  id: string;
  sealed: string;
}

const BYTES = 32;

/** What a ciphertext belongs to: sealed for one row, it opens in no other. */
export const boundTo = (id: string): string => `webhook:${id}`;

/** Draws the secrets that sign, and seals them under the key ring: they must be read again to sign. */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly ring: KeyRing) {}

  draw(): NewSecret {
    const id = randomUUID();
    const secret = `whsec_${randomBytes(BYTES).toString('base64')}`;
    return { id, secret, sealed: this.ring.encrypt(secret, boundTo(id)) };
  }

  /** @throws KeyRingError when it was not sealed for that row, or with a key that is gone */
  open({ id, sealed }: SealedSecret): string {
    return this.ring.decrypt(sealed, boundTo(id));
  }
}
