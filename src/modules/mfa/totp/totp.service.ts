import { Injectable } from '@nestjs/common';
import { Clock, type Principal } from '../../../context/index.js';
import { notFound } from '../../../errors/index.js';
import { AuditTrail } from '../../audit/index.js';
import { AccountsRepository, actIn, actOf, Attempts, ended, Grants } from '../../identity/index.js';
import { CodeGuesses } from '../code-guesses.js';
import type { RecoveryCodesResponse, TotpEnrolment } from '../dto/responses.js';
import { FactorChanges } from '../factors/factor-changes.js';
import { FactorsRepository } from '../factors/factors.repository.js';
import { assertMayAdd } from '../may-add.js';
import { FactorActions } from '../mfa.actions.js';
import { codeInvalid, factorAlreadyActive, tooManyFactors } from '../mfa.problems.js';
import { newTotpSecret, otpauthUri, qrCodeOf, Totp } from './totp.js';

/** As many as anybody has devices for; each costs a computation whenever a code is checked. */
const MAX_FACTORS = 20;

/** Enrolment of authenticator apps. */
@Injectable()
export class TotpService {
  constructor(
    private readonly factors: FactorsRepository,
    private readonly changes: FactorChanges,
    private readonly totp: Totp,
    private readonly grants: Grants,
    private readonly accounts: AccountsRepository,
    private readonly guesses: CodeGuesses,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly attempts: Attempts,
  ) {}

  /**
   * Begins one. It counts for nothing until a code from it was given.
   * @throws DomainError 403 at AAL1 for whoever has a factor; 409 for too many of them
   */
  enrol(principal: Principal, name: string): Promise<TotpEnrolment> {
    return this.factors.transaction(async (tx) => {
      const session = await this.grants.session(principal, tx);
      assertMayAdd(principal, session.has_factor, this.clock);
      const user = await this.accounts.byId(session.user_id, tx);
      if (!user) throw ended();
      if ((await this.factors.standing(tx, user.id)).active >= MAX_FACTORS)
        throw tooManyFactors(`Nobody has more than ${MAX_FACTORS} factors. Remove one first.`);
      const id = await this.factors.newId(tx);
      const secret = newTotpSecret();
      await this.factors.addTotp(tx, user.id, id, name, this.totp.seal(id, secret));
      await this.audit.recordAuth(tx, FactorActions.added, {
        ...actIn(session),
        targetId: id,
        details: { type: 'totp' },
      });
      const uri = otpauthUri(secret, user.email);
      return { id, secret, otpauthUri: uri, qrCode: qrCodeOf(uri) };
    }, principal.cap);
  }

  /**
   * Its first code makes it count, and is used up by that. A wrong code is a guess.
   * @throws DomainError 403 at AAL1 for whoever has a factor; 404 for one that is not the caller's or was begun too long
   * ago; 409 when it is active; 422 for a wrong code; 429
   */
  activate(principal: Principal, id: string, code: string): Promise<RecoveryCodesResponse> {
    const known = { ...actOf(principal), targetId: id };
    return this.attempts.watch(FactorActions.activated, known, () => this.prove(principal, id, code));
  }

  private async prove(principal: Principal, id: string, code: string): Promise<RecoveryCodesResponse> {
    const session = await this.grants.session(principal);
    assertMayAdd(principal, session.has_factor, this.clock);
    await this.guesses.assertOpen(session.user_id);
    const outcome = await this.factors.transaction(async (tx) => {
      const factor = (await this.factors.of(session.user_id, tx)).find(
        (one) => one.id === id.toLowerCase() && one.type === 'totp',
      );
      if (!factor) throw notFound();
      if (factor.activated_at) throw factorAlreadyActive();
      const step = await this.totp.stepOf(factor, code);
      const active = step === undefined ? undefined : await this.factors.activate(tx, session.user_id, id, step);
      if (step !== undefined && !active) throw notFound();
      await this.guesses.settle(tx, session.user_id, active !== undefined);
      if (!active) return codeInvalid(undefined, { status: 422 });
      return this.changes.added(tx, { session, factor: active });
    }, principal.cap);
    this.guesses.nudge();
    if (outcome instanceof Error) throw outcome; // after the commit: the guess counts
    this.changes.nudge();
    return { recoveryCodes: outcome };
  }
}
