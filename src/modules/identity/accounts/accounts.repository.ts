import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';

export interface UserRow {
  id: string;
  email: string;
  full_name: string;
  password_hash: string | null;
  status: 'active' | 'disabled';
  /** whether a second factor is active */
  has_factor: boolean;
}

const USER = `u.id, u.email, u.full_name, u.password_hash, u.status,
  exists (select from auth.factors f where f.user_id = u.id and f.activated_at is not null) as has_factor`;

/** People, whatever tenants they belong to. */
@Injectable()
export class AccountsRepository {
  constructor(private readonly db: AuthDb) {}

  /** @param email in its canonical spelling */
  async byEmail(email: string, tx: AuthTransaction = this.db): Promise<UserRow | undefined> {
    const [user] = await tx.query<UserRow>(`select ${USER} from auth.users u where u.email = $1`, [email]);
    return user;
  }

  async byId(id: string, tx: AuthTransaction = this.db): Promise<UserRow | undefined> {
    const [user] = await tx.query<UserRow>(`select ${USER} from auth.users u where u.id = $1`, [id]);
    return user;
  }

  /** From here on a change of the password waits for this transaction, as everything does that ends their sessions. */
  async hold(tx: AuthTransaction, id: string): Promise<void> {
    await tx.query('select from auth.users where id = $1 for share', [id]);
  }

  /** @param standsAlone whether the password may be the only factor */
  async setPassword(tx: AuthTransaction, id: string, hash: string, standsAlone: boolean): Promise<void> {
    await tx.query('update auth.users set password_hash = $2, password_stands_alone = $3 where id = $1', [
      id,
      hash,
      standsAlone,
    ]);
  }

  /** Replaces a hash made with yesterday's parameters, unless the password was changed meanwhile. */
  async rehash(tx: AuthTransaction, id: string, old: string, hash: string): Promise<void> {
    await tx.query('update auth.users set password_hash = $3 where id = $1 and password_hash = $2', [id, old, hash]);
  }
}
