import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';

/** A row of auth.factors. bigint arrives as text. */
export interface FactorRow {
  id: string;
  user_id: string;
  type: 'totp' | 'webauthn';
  name: string;
  credential_id: string | null;
  public_key: Buffer | null;
  sign_count: string | null;
  transports: string[];
  totp_secret_encrypted: string | null;
  totp_last_step: string | null;
  created_at: Date;
  /** null: begun, and not yet proven to work */
  activated_at: Date | null;
  last_used_at: Date | null;
}

export interface Standing {
  /** factors in use */
  active: number;
  /** whether the password is long enough to be the only factor */
  standsAlone: boolean;
}

/** What was begun longer ago than this, by the database's clock, is gone: its secret may lie in a screenshot. */
export const PENDING_MINUTES = 10;

const PENDING_KEPT = 3;
const ALIVE = `(activated_at is not null or created_at > now() - interval '${PENDING_MINUTES} minutes')`;
const FACTOR = `id, user_id, type, name, credential_id, public_key, sign_count, transports, totp_secret_encrypted,
  totp_last_step, created_at, activated_at, last_used_at`;

/**
 * Statements on auth.factors. A change needs the caller's capability in its transaction: a trigger asks whose it is and at
 * which level. Locks are taken in one order everywhere: the person, their factors, what was guessed, their sessions.
 */
@Injectable()
export class FactorsRepository {
  constructor(private readonly db: AuthDb) {}

  /** @param cap the caller's capability */
  transaction<T>(work: (tx: AuthTransaction) => Promise<T>, cap?: string): Promise<T> {
    return this.db.transaction(work, cap);
  }

  /** A person's factors, oldest first: the active ones, and those begun that can still be activated. */
  of(userId: string, tx: AuthTransaction = this.db): Promise<FactorRow[]> {
    return tx.query<FactorRow>(`select ${FACTOR} from auth.factors where user_id = $1 and ${ALIVE} order by id`, [
      userId,
    ]);
  }

  /** The id comes before the row: what is encrypted for it is bound to it. UUID version 7, by the database. */
  async newId(tx: AuthTransaction): Promise<string> {
    const [row] = await tx.query<{ id: string }>('select uuidv7() as id');
    return (row as { id: string }).id;
  }

  /** Waits for other changes of this person's factors: what is read of them afterwards holds until the commit. */
  async lock(tx: AuthTransaction, userId: string): Promise<void> {
    await tx.query('select from auth.users where id = $1 for no key update', [userId]);
  }

  /** Adds a TOTP factor that is still to be activated. Of those begun before, a few stay: two tabs are no mistake. */
  async addTotp(tx: AuthTransaction, userId: string, id: string, name: string, sealed: string): Promise<void> {
    await this.lock(tx, userId);
    await tx.query(
      `delete from auth.factors f where f.user_id = $1 and f.activated_at is null and f.type = 'totp' and f.id not in (
         select k.id from auth.factors k where k.user_id = $1 and k.activated_at is null and k.type = 'totp' and ${ALIVE}
          order by k.id desc limit $2)`,
      [userId, PENDING_KEPT - 1],
    );
    await tx.query(
      `insert into auth.factors (id, user_id, type, name, totp_secret_encrypted) values ($1, $2, 'totp', $3, $4)`,
      [id, userId, name, sealed],
    );
  }

  /** @returns undefined when it was activated meanwhile, or begun too long ago */
  async activate(tx: AuthTransaction, userId: string, id: string, step: number): Promise<FactorRow | undefined> {
    await this.lock(tx, userId);
    const [row] = await tx.query<FactorRow>(
      `update auth.factors set activated_at = now(), totp_last_step = $3, last_used_at = now()
        where user_id = $1 and id = $2 and activated_at is null and ${ALIVE} returning ${FACTOR}`,
      [userId, id, step],
    );
    return row;
  }

  /** Uses a time step up. Of many uses at once, on whatever pod, one finds it unused. @returns whether this is the one */
  async useStep(tx: AuthTransaction, userId: string, id: string, step: number): Promise<boolean> {
    const used = await tx.query(
      `update auth.factors set totp_last_step = $3, last_used_at = now()
        where user_id = $1 and id = $2 and activated_at is not null and coalesce(totp_last_step, -1) < $3 returning id`,
      [userId, id, step],
    );
    return used.length > 0;
  }

  async rename(tx: AuthTransaction, userId: string, id: string, name: string): Promise<FactorRow | undefined> {
    await this.lock(tx, userId);
    const [row] = await tx.query<FactorRow>(
      `update auth.factors set name = $3 where user_id = $1 and id = $2 and ${ALIVE} returning ${FACTOR}`,
      [userId, id, name],
    );
    return row;
  }

  /** @returns what it was */
  async remove(tx: AuthTransaction, userId: string, id: string): Promise<FactorRow | undefined> {
    await this.lock(tx, userId);
    const [row] = await tx.query<FactorRow>(
      `delete from auth.factors where user_id = $1 and id = $2 and ${ALIVE} returning ${FACTOR}`,
      [userId, id],
    );
    return row;
  }

  /** What a person's sign-in rests on. After a change it holds until the commit, since the change locked the person. */
  async standing(tx: AuthTransaction, userId: string): Promise<Standing> {
    const [row] = await tx.query<{ active: number; stands_alone: boolean }>(
      `select u.password_stands_alone as stands_alone, count(f.id)::int as active
         from auth.users u left join auth.factors f on f.user_id = u.id and f.activated_at is not null
        where u.id = $1 group by u.id`,
      [userId],
    );
    return { active: row?.active ?? 0, standsAlone: row?.stands_alone ?? false };
  }
}
