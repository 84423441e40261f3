import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../../context/index.js';
import { AuthDb } from '../../../database/index.js';
import { OneTimeTokens } from '../../identity/index.js';

export type Ceremony = 'webauthn_registration' | 'webauthn_authentication';

/** Whose ceremony it is; a sign-in with a passkey is nobody's yet. */
export interface Asker {
  userId: string;
  sessionId: string;
}

/** How long a person may take: the shortest that WebAuthn recommends with user verification (level 2, section 15.1). */
export const CEREMONY_SECONDS = 300;

const SWEEP_EVERY_MS = 5_000;
const SWEPT_AT_ONCE = 10_000;

/** Challenges of WebAuthn ceremonies: 256 random bits each, kept as hashes, good for one attempt. */
@Injectable()
export class Challenges {
  /** when this process sweeps next, milliseconds since the epoch */
  private sweepAt = 0;

  constructor(
    private readonly tokens: OneTimeTokens,
    private readonly db: AuthDb,
    private readonly clock: Clock,
  ) {}

  async issue(ceremony: Ceremony, asker?: Asker): Promise<Uint8Array<ArrayBuffer>> {
    if (!asker) await this.sweep();
    const challenge = randomBytes(32);
    await this.tokens.issue(this.db, ceremony, {
      userId: asker?.userId,
      sessionId: asker?.sessionId,
      secret: challenge.toString('base64url'),
      ttl: CEREMONY_SECONDS,
    });
    return new Uint8Array(challenge);
  }

  /**
   * Uses up the challenge that a response answers, in a transaction of its own: whatever comes of the response, there is
   * no second attempt at it.
   * @returns it, if that asker was given it for that ceremony
   */
  async take(ceremony: Ceremony, clientDataJson: string, asker?: Asker): Promise<string | undefined> {
    const challenge = challengeIn(clientDataJson);
    const token = challenge === undefined ? undefined : await this.tokens.take(this.db, ceremony, challenge);
    const theirs = token?.session_id === (asker?.sessionId ?? null) && token.user_id === (asker?.userId ?? null);
    return theirs ? challenge : undefined;
  }

  /**
   * Anybody may ask for a challenge that is nobody's and never answer it. What has expired is cleared away by whoever asks
   * for the next, so that their number stays about what five minutes bring; a person's own go with their sessions.
   */
  private async sweep(): Promise<void> {
    const now = this.clock.now();
    if (now < this.sweepAt) return;
    this.sweepAt = now + SWEEP_EVERY_MS;
    await this.db.query(
      `delete from auth.one_time_tokens where hash in (
         select hash from auth.one_time_tokens where user_id is null and expires_at <= now() order by expires_at limit $1)`,
      [SWEPT_AT_ONCE],
    );
  }
}

/** CollectedClientData (level 2, section 5.8.1), as far as this needs it. */
function challengeIn(clientDataJson: string): string | undefined {
  try {
    const data = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8')) as {
      challenge?: unknown;
    } | null;
    return typeof data?.challenge === 'string' ? data.challenge : undefined;
  } catch {
    return undefined;
  }
}
