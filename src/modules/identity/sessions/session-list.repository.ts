import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';

/** A person's session as the list shows it. */
export interface SessionListRow {
  id: string;
  aal: 1 | 2;
  amr: string[];
  auth_time: Date;
  created_at: Date;
  expires_at: Date;
  idle_expires_at: Date;
  user_agent: string;
  address: string;
  tenant_id: string | null;
}

/** Many sessions of one person at a time. */
@Injectable()
export class SessionListRepository {
  constructor(private readonly db: AuthDb) {}

  /** The live ones, newest first. At most as many as a person may have. */
  list(userId: string): Promise<SessionListRow[]> {
    return this.db.query<SessionListRow>(
      `select id, aal, amr, auth_time, created_at, expires_at, idle_expires_at, user_agent, address, tenant_id
         from auth.sessions where user_id = $1 and expires_at > now() and idle_expires_at > now()
        order by created_at desc, id desc`,
      [userId],
    );
  }

  /** @returns whether it was that person's, and live */
  async end(tx: AuthTransaction, userId: string, id: string): Promise<boolean> {
    const ended = await tx.query('delete from auth.sessions where user_id = $1 and id = $2 returning id', [userId, id]);
    return ended.length > 0;
  }

  /** @param except a session that stays @returns how many ended */
  async endAll(tx: AuthTransaction, userId: string, except?: string): Promise<number> {
    const ended = await tx.query(
      'delete from auth.sessions where user_id = $1 and id is distinct from $2::uuid returning id',
      [userId, except ?? null],
    );
    return ended.length;
  }

  /** After one more began: what has ended goes, and then the oldest beyond the limit. */
  async makeRoom(tx: AuthTransaction, userId: string, limit: number): Promise<void> {
    await tx.query(
      `delete from auth.sessions where user_id = $1 and (expires_at <= now() or idle_expires_at <= now() or id in (
         select id from auth.sessions where user_id = $1 and expires_at > now() and idle_expires_at > now()
          order by created_at desc, id desc offset $2))`,
      [userId, limit],
    );
  }
}
