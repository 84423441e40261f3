import { Injectable } from '@nestjs/common';
import { Clock } from '../../../context/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import { AuditTrail } from '../../audit/index.js';
import { AccountsRepository, actIn, type HeldSession, SessionListRepository } from '../../identity/index.js';
import { type Mail, Outbox } from '../../mail/index.js';
import { FactorActions, RecoveryCodesActions } from '../mfa.actions.js';
import { passwordTooShortAlone } from '../mfa.problems.js';
import { type FactorRow, FactorsRepository } from './factors.repository.js';
import { RecoveryCodes } from './recovery-codes.js';

interface FactorChange {
  /** the session that made the change: the one that stays */
  session: HeldSession;
  factor: Pick<FactorRow, 'id' | 'type' | 'name'>;
}

/** What a change of somebody's factors brings with it, whatever kind of factor it was: an entry in the audit log, too. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly factors: FactorsRepository,
    private readonly codes: RecoveryCodes,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionListRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * After a factor became active, in the same transaction: with the first factor ten recovery codes are made; the person's
   * other sessions end; a mail tells them.
   * @returns the codes, shown once; [] when there were factors already
   */
  async added(tx: AuthTransaction, { session, factor }: FactorChange): Promise<string[]> {
    const userId = session.user_id;
    const { active } = await this.factors.standing(tx, userId);
    const codes = active === 1 ? await this.codes.renew(tx, userId) : [];
    await this.tell(tx, userId, {
      template: 'factor-added',
      values: { name: inMail(factor.name), when: this.when() },
    });
    await this.sessions.endAll(tx, userId, session.id);
    const details = { type: factor.type, recoveryCodes: codes.length > 0 };
    await this.audit.recordAuth(tx, FactorActions.activated, { ...actIn(session), targetId: factor.id, details });
    return codes;
  }

  /**
   * After an active factor was removed, in the same transaction: with the last one the recovery codes go; the person's
   * other sessions end; a mail tells them.
   * @throws DomainError 409 when what is left, the password alone, is too short for that
   */
  async removed(tx: AuthTransaction, { session, factor }: FactorChange): Promise<void> {
    const userId = session.user_id;
    const { active, standsAlone } = await this.factors.standing(tx, userId);
    if (active === 0 && !standsAlone) throw passwordTooShortAlone();
    if (active === 0) await this.codes.discard(tx, userId);
    const values = { name: inMail(factor.name), when: this.when() };
    await this.tell(tx, userId, { template: 'factor-removed', values });
    await this.sessions.endAll(tx, userId, session.id);
    await this.dropped(tx, { session, factor }, true);
  }

  /** A factor is gone. @param active whether it counted; where it did not, this is all that its removal brings with it */
  async dropped(tx: AuthTransaction, { session, factor }: FactorChange, active: boolean): Promise<void> {
    const note = { ...actIn(session), targetId: factor.id, details: { type: factor.type, active } };
    await this.audit.recordAuth(tx, FactorActions.removed, note);
  }

  /** Ten new recovery codes; a mail tells the person. @returns the codes, shown once */
  async renewed(tx: AuthTransaction, session: HeldSession): Promise<string[]> {
    const userId = session.user_id;
    const codes = await this.codes.renew(tx, userId);
    await this.audit.recordAuth(tx, RecoveryCodesActions.renewed, { ...actIn(session), targetId: userId });
    await this.tell(tx, userId, { template: 'recovery-codes-renewed', values: { when: this.when() } });
    return codes;
  }

  /**
   * After a recovery code was used, in the same transaction: it stands in for a factor that is lost, or that somebody does
   * not have. A mail tells the person.
   */
  async codeUsed(tx: AuthTransaction, userId: string): Promise<void> {
    const user = await this.accounts.byId(userId, tx);
    if (!user) return;
    const values = { account: user.email, when: this.when(), left: await this.codes.left(userId, tx) };
    await this.outbox.enqueue(tx, user.email, { template: 'recovery-code-used', values });
  }

  /** After the commit: the mail goes at once. */
  nudge(): void {
    this.outbox.nudge();
  }

  private async tell(tx: AuthTransaction, userId: string, mail: Mail): Promise<void> {
    const user = await this.accounts.byId(userId, tx);
    if (user) await this.outbox.enqueue(tx, user.email, mail);
  }

  private when(): string {
    return new Date(this.clock.now()).toUTCString();
  }
}

/** A name is anybody's words, who held a session: in a mail of ours it must not become a link. */
const inMail = (name: string): string => name.replace(/[.:/@\\]+/g, ' ').trim() || '(no name)';
