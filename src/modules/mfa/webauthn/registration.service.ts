import { Injectable } from '@nestjs/common';
import { Clock, type Principal } from '../../../context/index.js';
import { AuthDb } from '../../../database/index.js';
import { AccountsRepository, ended, Grants } from '../../identity/index.js';
import { FactorChanges } from '../factors/factor-changes.js';
import { type FactorRow, FactorsRepository } from '../factors/factors.repository.js';
import { assertMayAdd } from '../may-add.js';
import { credentialInvalid, credentialRegistered, tooManyFactors } from '../mfa.problems.js';
import { Challenges } from './challenges.js';
import type { RegisterPasskeyRequest } from './dto/requests.js';
import type { PasskeyRegisteredResponse, RegistrationOptionsResponse } from './dto/responses.js';
import { knownCredentials } from './known-credentials.js';
import { PasskeysRepository } from './passkeys.repository.js';
import { RelyingParty } from './relying-party.js';

/** The options of every ceremony name all of them. */
const MOST_FACTORS = 20;

/** Registers passkeys (WebAuthn level 2, section 7.1). */
@Injectable()
export class PasskeyRegistrationService {
  constructor(
    private readonly grants: Grants,
    private readonly accounts: AccountsRepository,
    private readonly factors: FactorsRepository,
    private readonly changes: FactorChanges,
    private readonly challenges: Challenges,
    private readonly passkeys: PasskeysRepository,
    private readonly relyingParty: RelyingParty,
    private readonly db: AuthDb,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError 403 `aal2_required` at AAL1 when there is a factor already; 409 when there are too many */
  async options(principal: Principal): Promise<RegistrationOptionsResponse> {
    const session = await this.grants.session(principal);
    const [user, factors] = await Promise.all([this.accounts.byId(session.user_id), this.factors.of(session.user_id)]);
    if (!user) throw ended();
    this.assertRoom(principal, factors);
    const challenge = await this.challenges.issue('webauthn_registration', principal);
    return this.relyingParty.creationOptions(challenge, user, knownCredentials(factors));
  }

  /** @throws DomainError 422 whatever is wrong with the response; 409 for a passkey that is registered; 403 as above */
  async register(principal: Principal, request: RegisterPasskeyRequest): Promise<PasskeyRegisteredResponse> {
    const { name, credential } = request;
    const session = await this.grants.session(principal);
    const challenge = await this.challenges.take(
      'webauthn_registration',
      credential.response.clientDataJSON,
      principal,
    );
    const proven = challenge === undefined ? undefined : await this.relyingParty.registered(credential, challenge);
    if (!proven) throw credentialInvalid();
    const registered = await this.db.transaction(async (tx) => {
      await this.factors.lock(tx, session.user_id);
      this.assertRoom(principal, await this.factors.of(session.user_id, tx));
      const id = await this.passkeys.add(tx, session.user_id, name, proven);
      if (id === undefined) throw credentialRegistered();
      const recoveryCodes = await this.changes.added(tx, { session, factor: { id, type: 'webauthn', name } });
      return { id, recoveryCodes };
    }, principal.cap);
    this.changes.nudge();
    return registered;
  }

  private assertRoom(principal: Principal, factors: FactorRow[]): void {
    assertMayAdd(
      principal,
      factors.some((factor) => factor.activated_at !== null),
      this.clock,
    );
    if (factors.length >= MOST_FACTORS) throw tooManyFactors(`Nobody has more than ${MOST_FACTORS} factors.`);
  }
}
