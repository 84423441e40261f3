import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../database/index.js';

/** An invitation that would be accepted now. */
export interface GoodInvitation {
  /** of the token, as it is stored */
  hash: Buffer;
  tenantName: string;
  tenantSlug: string;
  roleName: string;
  email: string;
  expiresAt: Date;
}

interface NewAccount {
  fullName: string;
  passwordHash: string;
  /** whether the password may be the only factor */
  standsAlone: boolean;
}

/** What whoever accepted has joined. */
export interface Joined {
  userId: string;
  tenantId: string;
  invitationId: string;
}

/** What the holder of a token may do, which is what the database's functions let them (migrations/0018, 0024). */
@Injectable()
export class AcceptanceRepository {
  constructor(private readonly db: AuthDb) {}

  /** @param cap the caller's capability, where there is a caller */
  transaction<T>(work: (tx: AuthTransaction) => Promise<T>, cap?: string): Promise<T> {
    return this.db.transaction(work, cap);
  }

  /** @param hashes what may be stored of the token; one of them at most is */
  async find(hashes: Buffer[]): Promise<GoodInvitation | undefined> {
    const [invitation] = await this.db.query<GoodInvitation>(
      `select h.hash, i.tenant_name as "tenantName", i.tenant_slug as "tenantSlug", i.role_name as "roleName", i.email,
              i.expires_at as "expiresAt"
         from unnest($1::bytea[]) with ordinality h (hash, place) cross join auth.invitation_of(h.hash) i
        order by h.place limit 1`,
      [hashes],
    );
    return invitation;
  }

  /** @throws DomainError 404 for one that somebody else used, or that is not theirs; 409 for a member */
  async accept(tx: AuthTransaction, hash: Buffer, userId: string, fullName: string): Promise<Joined> {
    const [row] = await tx.query<Omit<Joined, 'userId'>>(
      'select auth.invitation_id($1) as "invitationId", auth.accept_invitation($1, $2, $3) as "tenantId"',
      [hash, userId, fullName],
    );
    return { userId, ...(row as Omit<Joined, 'userId'>) };
  }

  /** @returns undefined when the address has an account by now @throws DomainError 404 for one that somebody else used */
  async signUp(tx: AuthTransaction, hash: Buffer, account: NewAccount): Promise<Joined | undefined> {
    const { fullName, passwordHash, standsAlone } = account;
    const [row] = await tx.query<{ [key in keyof Joined]: string | null }>(
      `select auth.invitation_id($1) as "invitationId", user_id as "userId", tenant_id as "tenantId"
         from auth.sign_up($1, $2, $3, $4)`,
      [hash, fullName, passwordHash, standsAlone],
    );
    return row?.userId ? (row as Joined) : undefined;
  }
}
