import { Injectable } from '@nestjs/common';
import { refusalFor } from '../../../database/index.js';
import type { AuditAction } from '../../../route/index.js';
import { type Refusal, RefusalLog } from '../../audit/index.js';

/** Who tries, as far as it is known by now; whoever finds out more adds it. Never what was typed. */
export type Attempt = Pick<Refusal, 'tenantId' | 'concerns' | 'actorId' | 'sessionId' | 'targetId' | 'details'>;

/** Attempts to prove who one is. Those that are refused go into the audit log. */
@Injectable()
export class Attempts {
  constructor(private readonly refusals: RefusalLog) {}

  /** Runs an attempt. What it throws is noted and thrown on, except for a request that was malformed. */
  async watch<T>(action: AuditAction, known: Attempt, work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt = { ...known };
    try {
      return await work(attempt);
    } catch (error) {
      const { status = 500, code = 'internal_error' } = refusalFor(error) ?? {};
      const outcome = status === 409 || status >= 500 ? 'failure' : 'denied';
      const { code: name, targetType } = action;
      // where nobody is proved to have tried, whose account it was stands among the details
      const { actorId, concerns, details } = attempt;
      const whose = actorId || !concerns ? {} : { details: { ...details, userId: concerns } };
      if (status !== 400) this.refusals.note({ ...attempt, ...whose, action: name, targetType, outcome, code });
      throw error;
    }
  }
}
