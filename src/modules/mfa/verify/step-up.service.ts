import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../context/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import { notFound, validationFailed } from '../../../errors/index.js';
import { actOf, Attempts, Grants, SessionActions, type TokenResponse } from '../../identity/index.js';
import { CodeGuesses } from '../code-guesses.js';
import type { VerifyFactorRequest } from '../dto/requests.js';
import { FactorChanges } from '../factors/factor-changes.js';
import { FactorsRepository } from '../factors/factors.repository.js';
import { type CodeOutcome, RecoveryCodes } from '../factors/recovery-codes.js';
import { codeInvalid, codeUsed, noFactor } from '../mfa.problems.js';
import { Totp } from '../totp/totp.js';

/** From AAL1 to AAL2 with a code, in the session that one is in (NIST SP 800-63B-4). */
@Injectable()
export class StepUpService {
  constructor(
    private readonly factors: FactorsRepository,
    private readonly codes: RecoveryCodes,
    private readonly changes: FactorChanges,
    private readonly totp: Totp,
    private readonly grants: Grants,
    private readonly guesses: CodeGuesses,
    private readonly attempts: Attempts,
  ) {}

  /**
   * @throws DomainError 400 unless exactly one kind of code is given; 401 for a wrong code, which counts, and for one that
   * was used before, which does not; 404 for a factor that is not the caller's; 409 without a factor; 429
   */
  verify(principal: Principal, request: VerifyFactorRequest): Promise<TokenResponse> {
    const method = request.recoveryCode === undefined ? 'totp' : 'recovery_code';
    const known = { ...actOf(principal), targetId: principal.sessionId, details: { method } };
    return this.attempts.watch(SessionActions.steppedUp, known, () => this.prove(principal, request, method));
  }

  private async prove(principal: Principal, request: VerifyFactorRequest, method: string): Promise<TokenResponse> {
    assertOneCode(request);
    const { user_id: userId } = await this.grants.session(principal);
    await this.guesses.assertOpen(userId);
    const outcome = await this.factors.transaction(async (tx) => {
      const code = await this.use(tx, userId, request);
      if (code === 'used') return codeUsed(); // and settles nothing: neither a wrong guess nor a right one
      await this.guesses.settle(tx, userId, code === 'right');
      if (code === 'wrong') return codeInvalid();
      if (request.recoveryCode !== undefined) await this.changes.codeUsed(tx, userId);
      return this.grants.stepUp(tx, principal, ['otp', 'mfa'], method);
    }, principal.cap);
    this.guesses.nudge();
    if (outcome instanceof Error) throw outcome; // after the commit: the guess counts
    this.changes.nudge();
    return outcome;
  }

  private async use(tx: AuthTransaction, userId: string, request: VerifyFactorRequest): Promise<CodeOutcome> {
    const active = (await this.factors.of(userId, tx)).filter((factor) => factor.activated_at !== null);
    if (active.length === 0) throw noFactor();
    if (request.recoveryCode !== undefined) {
      await this.factors.lock(tx, userId); // of codes that are used at once, each mail counts those before it
      return this.codes.use(tx, userId, request.recoveryCode);
    }
    const apps = active.filter((factor) => factor.type === 'totp');
    const id = request.factorId?.toLowerCase();
    const asked = id === undefined ? apps : apps.filter((factor) => factor.id === id);
    if (asked.length === 0) throw id === undefined ? noFactor() : notFound();
    // every one is tried, be an earlier one right: the time does not tell which it was
    const steps = await Promise.all(asked.map((factor) => this.totp.stepOf(factor, request.code ?? '')));
    const found = steps.findIndex((step) => step !== undefined);
    const [factor, step] = [asked[found], steps[found]];
    if (!factor || step === undefined) return 'wrong';
    return (await this.factors.useStep(tx, userId, factor.id, step)) ? 'right' : 'used';
  }
}

function assertOneCode({ factorId, code, recoveryCode }: VerifyFactorRequest): void {
  const faults = [
    (code === undefined) === (recoveryCode === undefined) && { field: 'code', message: 'send code or recoveryCode' },
    recoveryCode !== undefined && factorId !== undefined && { field: 'factorId', message: 'goes with code alone' },
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw validationFailed('Send either a code or a recovery code.', { errors: faults });
}
