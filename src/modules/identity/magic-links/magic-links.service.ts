import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AuthDb } from '../../../database/index.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import type { MagicLinkRequest, VerifyMagicLinkRequest } from '../dto/passwords.js';
import type { TokenResponse } from '../dto/responses.js';
import { GuessLimits } from '../guessing/guess-limits.js';
import { RequestedMails } from '../guessing/requested-mails.js';
import { SessionActions } from '../identity.actions.js';
import { linkInvalid } from '../identity.problems.js';
import { Grants } from '../sessions/grants.js';
import type { Origin } from '../sessions/origin.js';
import { type Attempt, Attempts } from '../sign-in/attempts.js';
import { OneTimeTokens } from '../tokens/one-time-tokens.js';

/** How one signed in by a link. RFC 8176 registers no value for it; this is the usual private one. */
const BY_MAIL = 'email';

/** Sign-in by a link in a mail: AAL1, whatever else the person has. */
@Injectable()
export class MagicLinksService {
  constructor(
    private readonly db: AuthDb,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokens,
    private readonly limits: GuessLimits,
    private readonly requestedMails: RequestedMails,
    private readonly grants: Grants,
    private readonly attempts: Attempts,
  ) {}

  /** The same work and the same words whether or not there is an account. @throws DomainError 429 by address alone */
  async send({ email, tenant, codeChallenge }: MagicLinkRequest, origin: Origin): Promise<void> {
    const details = { ...(tenant ? { tenant } : {}), ...(codeChallenge ? { codeChallenge } : {}) };
    await this.requestedMails.send({ email, template: 'magic-link', details }, origin);
  }

  /**
   * @throws DomainError 401 for a link that is used, expired, wrong, or of somebody who kept another verifier (that uses it
   * up); 403 for a tenant one cannot sign in to
   */
  verify(request: VerifyMagicLinkRequest, origin: Origin): Promise<TokenResponse> {
    const known = { details: { method: 'magic_link' } };
    return this.attempts.watch(SessionActions.signedIn, known, (attempt) => this.follow(request, origin, attempt));
  }

  private async follow(
    { token, codeVerifier }: VerifyMagicLinkRequest,
    origin: Origin,
    attempt: Attempt,
  ): Promise<TokenResponse> {
    const link = await this.tokens.peek('magic_link', token);
    const user = link?.user_id ? await this.accounts.byId(link.user_id) : undefined;
    attempt.concerns = user?.id;
    if (!link || user?.status !== 'active') throw linkInvalid();
    const { tenant, codeChallenge } = link.details;
    const theirs = isTheirs(codeChallenge, codeVerifier);
    const outcome = await this.db.transaction(async (tx) => {
      if (theirs) await this.limits.open(tx, ...this.requestedMails.targets(user.email, origin));
      const taken = await this.tokens.take(tx, 'magic_link', token);
      if (!taken || !theirs) return linkInvalid();
      return this.grants.start(tx, { userId: user.id, amr: [BY_MAIL], aal: 1, tenant, origin });
    });
    if (outcome instanceof Error) throw outcome; // after the commit: the link is used up
    return outcome;
  }
}

/**
 * RFC 7636 section 4.6. A verifier that no challenge calls for is refused (RFC 9700 section 4.8.2): whoever sends one asked
 * for another link than this.
 */
function isTheirs(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === verifier;
  const given = createHash('sha256').update(verifier).digest();
  const expected = Buffer.from(challenge, 'base64url');
  return expected.length === given.length && timingSafeEqual(expected, given);
}
