import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { KeyRing } from '../../../config/index.js';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';

interface KeyRow {
  kid: string;
  public_jwk: JWK;
  private_key_encrypted: string;
}

/** The key that signs now. */
export interface Signer {
  kid: string;
  key: KeyObject;
}

const REFRESH_MS = 60_000;
const LOCK = 7_231_001;

/**
 * The ES256 keys of access tokens: made at first start, kept encrypted, shared by all pods through the database and held
 * in memory as KeyObjects, so that verifying a token asks nobody. Other pods' keys are picked up every minute.
 */
@Injectable()
export class SigningKeys implements OnModuleInit, OnModuleDestroy {
  private publicKeys = new Map<string, KeyObject>();
  private jwks: JWK[] = [];
  private current?: Signer;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly db: AuthDb,
    private readonly ring: KeyRing,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.load();
    // a failed refresh keeps the keys that are there; the next one tries again
    this.timer = setInterval(() => void this.load().catch(() => undefined), REFRESH_MS);
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

  /** RFC 7517. */
  get publicSet(): { keys: JWK[] } {
    return { keys: this.jwks };
  }

  private async load(): Promise<void> {
    const rows = await this.db.transaction(async (tx) => {
      const known = await liveKeys(tx);
      if (known.length > 0) return known;
      await tx.query('select pg_advisory_xact_lock($1)', [LOCK]); // two pods at first start make one key
      const made = await liveKeys(tx);
      return made.length > 0 ? made : [await this.make(tx)];
    });
    const [newest] = rows;
    if (!newest) return;
    this.publicKeys = new Map(rows.map((row) => [row.kid, publicKeyOf(row.public_jwk)]));
    this.jwks = rows.map((row) => ({ ...row.public_jwk, kid: row.kid, alg: 'ES256', use: 'sig' }));
    const pem = this.ring.decrypt(newest.private_key_encrypted, `signing-key:${newest.kid}`);
    this.current = { kid: newest.kid, key: createPrivateKey(pem) };
  }

  private async make(tx: AuthTransaction): Promise<KeyRow> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    const secret = createPrivateKey({ key: await exportJWK(pair.privateKey), format: 'jwk' });
    const sealed = this.ring.encrypt(secret.export({ type: 'pkcs8', format: 'pem' }).toString(), `signing-key:${kid}`);
    await tx.query(
      `insert into auth.signing_keys (kid, alg, public_jwk, private_key_encrypted) values ($1, 'ES256', $2, $3)`,
      [kid, JSON.stringify(publicJwk), sealed],
    );
    return { kid, public_jwk: publicJwk, private_key_encrypted: sealed };
  }
}

const liveKeys = (tx: AuthTransaction): Promise<KeyRow[]> =>
  tx.query<KeyRow>(
    'select kid, public_jwk, private_key_encrypted from auth.signing_keys where retired_at is null order by created_at desc, kid',
  );

const publicKeyOf = (jwk: JWK): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });
