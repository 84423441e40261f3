import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Config } from '../../../config/index.js';
import { AuthDb } from '../../../database/index.js';
import { Outbox } from '../../mail/index.js';
import { canonicalEmail } from '../accounts/email.js';
import type { MagicLinkRequest, VerifyMagicLinkRequest } from '../dto/passwords.js';
import type { TokenResponse } from '../dto/responses.js';
import { MailLimits } from '../guessing/mail-limits.js';
import { Grants } from '../sessions/grants.js';
import type { Origin } from '../sessions/origin.js';
import { linkInvalid, ONE_TIME_TTL_SECONDS, OneTimeTokens } from '../tokens/one-time-tokens.js';

/** Sign-in by a link in a mail: AAL1, whatever else the person has. */
@Injectable()
export class MagicLinksService {
  constructor(
    private readonly config: Config,
    private readonly db: AuthDb,
    private readonly tokens: OneTimeTokens,
    private readonly mailLimits: MailLimits,
    private readonly outbox: Outbox,
    private readonly grants: Grants,
  ) {}

  /** The same work and the same words whether or not there is an account. A newer link voids the older ones. */
  async send({ email, tenant, codeChallenge }: MagicLinkRequest, origin: Origin): Promise<void> {
    const to = canonicalEmail(email);
    await this.mailLimits.run(to, origin, async (tx, user, allowed) => {
      const when = allowed && user?.status === 'active';
      const details = { ...(tenant === undefined ? {} : { tenant }), ...(codeChallenge ? { codeChallenge } : {}) };
      await this.tokens.revoke(tx, 'magic_link', when ? user.id : null);
      const token = await this.tokens.issue(tx, 'magic_link', { userId: user?.id, details, when });
      const link = `${this.config.webUrl}/account/magic-link#token=${token}`;
      const mail = { template: 'magic-link', values: { link, minutes: ONE_TIME_TTL_SECONDS / 60 } } as const;
      await this.outbox.enqueue(tx, to, mail, { when, expiresInSeconds: ONE_TIME_TTL_SECONDS });
    });
  }

  /**
   * @throws DomainError 401 for a link that is used, expired, wrong, or of somebody who kept another verifier (that uses it
   * up); 403 for a tenant one cannot sign in to
   */
  async verify({ token, codeVerifier }: VerifyMagicLinkRequest, origin: Origin): Promise<TokenResponse> {
    const outcome = await this.db.transaction(async (tx) => {
      const link = await this.tokens.take(tx, 'magic_link', token);
      if (!link?.user_id || !isTheirs(link.details['codeChallenge'], codeVerifier)) return linkInvalid();
      const person = { userId: link.user_id, amr: ['email'], aal: 1, tenant: link.details['tenant'], origin } as const;
      return this.grants.start(tx, { ...person, amr: [...person.amr] });
    });
    if (outcome instanceof Error) throw outcome; // after the commit: the link is used up
    return outcome;
  }
}

/** RFC 7636 section 4.6. A verifier without a challenge is of no use, and no harm. */
function isTheirs(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined) return true;
  const given = createHash('sha256')
    .update(verifier ?? '')
    .digest();
  const expected = Buffer.from(challenge, 'base64url');
  return verifier !== undefined && expected.length === given.length && timingSafeEqual(expected, given);
}
