import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import type { NewCredential } from './relying-party.js';

/** A passkey that counts. */
export interface PasskeyRow {
  id: string;
  user_id: string;
  public_key: Buffer;
}

/** The statements on factors that are WebAuthn's alone. */
@Injectable()
export class PasskeysRepository {
  constructor(private readonly db: AuthDb) {}

  /** @returns undefined for one that is unknown, or whose owner is disabled */
  async find(credentialId: string): Promise<PasskeyRow | undefined> {
    const [row] = await this.db.query<PasskeyRow>(
      `select f.id, f.user_id, f.public_key from auth.factors f join auth.users u on u.id = f.user_id
        where f.credential_id = $1 and f.activated_at is not null and u.status = 'active'`,
      [credentialId],
    );
    return row;
  }

  /** Active at once: its owner has just used it. @returns its id; undefined when somebody has registered it before */
  async add(tx: AuthTransaction, userId: string, name: string, credential: NewCredential): Promise<string | undefined> {
    const [row] = await tx.query<{ id: string }>(
      `insert into auth.factors (user_id, type, name, credential_id, public_key, sign_count, transports, activated_at)
       values ($1, 'webauthn', $2, $3, $4, $5, $6, now())
       on conflict on constraint factors_credential_key do nothing returning id`,
      [userId, name, credential.id, credential.publicKey, credential.signCount, credential.transports],
    );
    return row?.id;
  }

  /**
   * Keeps the counter of a use. Authenticators that count never repeat one, so that a copy of a key is noticed; those that
   * do not count say zero for ever (level 2, section 6.1.1). The owner's row is locked first, as whoever changes factors
   * does.
   * @returns whether it had grown, on the newest row
   */
  async countUp(
    tx: AuthTransaction,
    { id, user_id }: Pick<PasskeyRow, 'id' | 'user_id'>,
    counter: number,
  ): Promise<boolean> {
    const rows = await tx.query(
      `with owner as (select u.id from auth.users u where u.id = $2 and u.status = 'active' for share)
       update auth.factors f set sign_count = $3, last_used_at = now() from owner
        where f.id = $1 and f.user_id = owner.id and f.activated_at is not null
          and (f.sign_count < $3 or (f.sign_count = 0 and $3 = 0))
       returning f.id`,
      [id, user_id, counter],
    );
    return rows.length === 1;
  }
}
