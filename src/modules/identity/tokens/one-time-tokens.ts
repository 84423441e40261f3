import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import { newSecret, secretHash } from './secrets.js';

export type OneTimePurpose =
  'magic_link' | 'password_reset' | 'unlock' | 'webauthn_registration' | 'webauthn_authentication';

export interface OneTimeToken {
  user_id: string | null;
  session_id: string | null;
  details: Record<string, string>;
}

interface NewToken {
  userId?: string;
  /** the session that asked: the token goes with it */
  sessionId?: string;
  details?: Record<string, string>;
  /** seconds, 600 at most */
  ttl?: number;
  /** false: does the same work and keeps nothing, so that an unknown account costs what a known one does */
  when?: boolean;
  /** a secret that was made elsewhere (a WebAuthn challenge); default: a new one */
  secret?: string;
}

/** The longest that the database lets one live. */
export const ONE_TIME_TTL_SECONDS = 600;

/** Secrets for one use: links in mails, WebAuthn challenges. Stored hashed, used by deleting the row. */
@Injectable()
export class OneTimeTokens {
  constructor(private readonly db: AuthDb) {}

  /** @returns the secret, to be shown or sent once */
  async issue(tx: AuthTransaction, purpose: OneTimePurpose, token: NewToken): Promise<string> {
    const { secret = newSecret(), ttl = ONE_TIME_TTL_SECONDS, when = true } = token;
    await tx.query(
      `insert into auth.one_time_tokens (hash, purpose, user_id, session_id, details, expires_at)
       select $1, $2, $3::uuid, $4::uuid, $5::jsonb, now() + make_interval(secs => $6) where $7::boolean`,
      [
        secretHash(secret),
        purpose,
        token.userId ?? null,
        token.sessionId ?? null,
        JSON.stringify(token.details ?? {}),
        ttl,
        when,
      ],
    );
    return secret;
  }

  /** Uses it up. Of many at once, one gets it. @returns undefined for one that is unknown, used, expired or for another purpose */
  async take(tx: AuthTransaction, purpose: OneTimePurpose, secret: string): Promise<OneTimeToken | undefined> {
    const [token] = await tx.query<OneTimeToken>(
      `delete from auth.one_time_tokens t where t.hash = $1 and t.purpose = $2 and t.expires_at > now()
       returning t.user_id, t.session_id, t.details`,
      [secretHash(secret), purpose],
    );
    return token;
  }

  /** Whose it is, without using it up: for a check that may be refused and tried again. */
  async peek(purpose: OneTimePurpose, secret: string): Promise<OneTimeToken | undefined> {
    const [token] = await this.db.query<OneTimeToken>(
      `select user_id, session_id, details from auth.one_time_tokens where hash = $1 and purpose = $2 and expires_at > now()`,
      [secretHash(secret), purpose],
    );
    return token;
  }

  /**
   * Voids a person's tokens for one purpose, of one asker: somebody else's challenge voids nothing of theirs.
   * @param userId null: nobody's; the same statement
   */
  async revoke(
    tx: AuthTransaction,
    purpose: OneTimePurpose,
    userId: string | null,
    codeChallenge?: string,
  ): Promise<void> {
    await tx.query(
      `delete from auth.one_time_tokens
        where user_id = $1 and purpose = $2 and details ->> 'codeChallenge' is not distinct from $3::text`,
      [userId, purpose, codeChallenge ?? null],
    );
  }

  /** Voids whatever lies in a person's inbox: after a password changed, for instance. */
  async revokeAll(tx: AuthTransaction, userId: string): Promise<void> {
    await tx.query('delete from auth.one_time_tokens where user_id = $1', [userId]);
  }
}
