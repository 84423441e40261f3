import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { JWK } from 'jose';
import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';
import { KeyRing } from '../../../config/index.js';
import { AuthDb } from '../../../database/index.js';
import { boundTo, type KeyRow, liveKeys, lockKeys, makeKey } from './key-store.js';
import { RELOAD_SECONDS } from './key-times.js';

/** The key that signs now. */
export interface Signer {
  kid: string;
  key: KeyObject;
}

/**
 * The ES256 keys of access tokens: made at first start, kept encrypted, shared by all pods through the database and held
 * in memory as KeyObjects, so that verifying a token asks nobody. What was rotated elsewhere is picked up every minute.
 */
@Injectable()
export class SigningKeys implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger('SigningKeys');
  private publicKeys = new Map<string, KeyObject>();
  private jwks: JWK[] = [];
  private tag = '';
  private current?: Signer;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly db: AuthDb,
    private readonly ring: KeyRing,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.reload();
    this.timer = setInterval(() => void this.tryReload(), RELOAD_SECONDS * 1000);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  get signer(): Signer {
    if (!this.current) throw new Error('the signing keys are not loaded yet');
    return this.current;
  }

  publicKey(kid: string): KeyObject | undefined {
    return this.publicKeys.get(kid);
  }

  /** RFC 7517. Holds the next key too, before it signs. */
  get publicSet(): { keys: JWK[] } {
    return { keys: this.jwks };
  }

  /** Validator of the public set (RFC 9110 section 8.8): the same on every pod that has the same keys. */
  get publicSetTag(): string {
    return this.tag;
  }

  /**
   * Takes over the keys as the database has them now: which verify, and which signs. The very first server makes one.
   * @throws KeyRingError when the one that signs is encrypted with a key that this server's ring lacks; others verify by then
   */
  async reload(): Promise<void> {
    const rows = await this.rows();
    this.publicKeys = new Map(rows.map((row) => [row.kid, publicKeyOf(row.public_jwk)]));
    this.jwks = rows.map(published);
    this.tag = `"${hash('sha256', JSON.stringify(this.jwks), 'base64url')}"`;
    const signs = rows.find(({ ready }) => ready) ?? rows.at(-1);
    if (!signs || signs.kid === this.current?.kid) return;
    const pem = this.ring.decrypt(signs.private_key_encrypted, boundTo(signs.kid));
    this.current = { kid: signs.kid, key: createPrivateKey(pem) };
  }

  /** A failed reload keeps the keys that are there; the next one tries again. */
  private async tryReload(): Promise<void> {
    await this.reload().catch((error: unknown) => {
      const { name, message } = error as Error;
      // what the database says may quote a row; ours says what to do
      this.log.warn(`the signing keys could not be read again: ${name === 'KeyRingError' ? message : name}`);
    });
  }

  private rows(): Promise<KeyRow[]> {
    return this.db.transaction(async (tx) => {
      const known = await liveKeys(tx);
      if (known.length > 0) return known;
      await lockKeys(tx); // two pods at first start make one key
      const made = await liveKeys(tx);
      return made.length > 0 ? made : [await makeKey(tx, this.ring, 0)];
    });
  }
}

/** Member by member, so that the order is one everywhere, and nothing else ever gets out. */
const published = ({ kid, public_jwk: { kty, crv, x, y } }: KeyRow): JWK => ({ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }); // prettier-ignore

const publicKeyOf = (jwk: JWK): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });
