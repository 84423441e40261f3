import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../context/index.js';
import { AuthDb } from '../../../database/index.js';
import {
  actOf,
  type Attempt,
  Attempts,
  Grants,
  GuessLimits,
  lockedFor,
  type Origin,
  SessionActions,
  type TokenResponse,
} from '../../identity/index.js';
import { FactorsRepository } from '../factors/factors.repository.js';
import { noFactor, passkeyInvalid } from '../mfa.problems.js';
import { Assertions, PASSKEY_AMR } from './assertions.js';
import { Challenges } from './challenges.js';
import type { PasskeyLoginRequest, VerifyPasskeyRequest } from './dto/requests.js';
import type { AuthenticationOptionsResponse } from './dto/responses.js';
import { knownCredentials } from './known-credentials.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { RelyingParty } from './relying-party.js';

/** Passkeys in use: to raise a session to AAL2, and to sign in with nothing else. */
@Injectable()
export class PasskeysService {
  constructor(
    private readonly grants: Grants,
    private readonly limits: GuessLimits,
    private readonly factors: FactorsRepository,
    private readonly challenges: Challenges,
    private readonly assertions: Assertions,
    private readonly passkeys: PasskeysRepository,
    private readonly relyingParty: RelyingParty,
    private readonly db: AuthDb,
    private readonly attempts: Attempts,
  ) {}

  /** @throws DomainError 409 for somebody without a passkey */
  async stepUpOptions(principal: Principal): Promise<AuthenticationOptionsResponse> {
    const session = await this.grants.session(principal);
    const known = knownCredentials(await this.factors.of(session.user_id));
    if (known.length === 0) throw noFactor();
    return this.relyingParty.requestOptions(await this.challenges.issue('webauthn_authentication', principal), known);
  }

  /** @throws DomainError 401, whatever is wrong with the response */
  stepUp(principal: Principal, { credential }: VerifyPasskeyRequest): Promise<TokenResponse> {
    const known = { ...actOf(principal), targetId: principal.sessionId, details: { method: 'passkey' } };
    return this.attempts.watch(SessionActions.steppedUp, known, async () => {
      await this.grants.session(principal);
      const proof = await this.assertions.prove(credential, principal);
      if (!proof) throw passkeyInvalid();
      return this.db.transaction(async (tx) => {
        if (!(await this.passkeys.countUp(tx, proof.passkey, proof.counter))) throw passkeyInvalid();
        return this.grants.stepUp(tx, principal, PASSKEY_AMR, 'passkey');
      });
    });
  }

  /** The same for everybody, whoever asks. @throws DomainError 429 for an address that asks too much */
  async signInOptions(origin: Origin): Promise<AuthenticationOptionsResponse> {
    const address = this.limits.target('challenge_address', origin.address);
    const { lockedFor: seconds } = await this.db.transaction((tx) => this.limits.settle(tx, address, false));
    if (seconds !== undefined) throw lockedFor(seconds);
    return this.relyingParty.requestOptions(await this.challenges.issue('webauthn_authentication'));
  }

  /**
   * @throws DomainError 401, whatever is wrong with the response or the account; 403 for a tenant one cannot sign in to;
   * 429 when too many from this address were wrong
   */
  signIn(request: PasskeyLoginRequest, origin: Origin): Promise<TokenResponse> {
    const known = { details: { method: 'passkey' } };
    return this.attempts.watch(SessionActions.signedIn, known, (attempt) => this.enter(request, origin, attempt));
  }

  private async enter(
    { credential, tenant }: PasskeyLoginRequest,
    origin: Origin,
    attempt: Attempt,
  ): Promise<TokenResponse> {
    const address = this.limits.target('address', origin.address);
    await this.limits.assertOpen(address);
    const proof = await this.assertions.prove(credential);
    attempt.concerns = proof?.passkey.user_id;
    const outcome = await this.db.transaction(async (tx) => {
      const right = proof !== undefined && (await this.passkeys.countUp(tx, proof.passkey, proof.counter));
      if (right) attempt.actorId = proof.passkey.user_id;
      const seconds = await this.limits.settleUnlessRight(tx, address, right);
      if (seconds !== undefined) return lockedFor(seconds);
      if (!right) return passkeyInvalid();
      const userId = proof.passkey.user_id;
      return this.grants.start(tx, { userId, amr: PASSKEY_AMR, aal: 2, tenant, origin });
    });
    if (outcome instanceof Error) throw outcome; // after the commit: the failure counts
    return outcome;
  }
}
