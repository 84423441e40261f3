import type { Clock, Principal } from '../../context/index.js';
import { aal2Required } from '../../errors/index.js';

/** How long ago the second factor may have been given by whoever changes their factors, seconds. */
export const FACTOR_MAX_AGE = 900;

/**
 * Whoever has a factor gives it, a moment ago, before they add another: a new one would make the old look fresh. The table
 * asks the same (RF004); this asks before any work is done. @throws DomainError 403
 */
export function assertMayAdd(principal: Principal, hasFactor: boolean, clock: Clock): void {
  const fresh = principal.aal === 'aal2' && clock.now() / 1000 - principal.authTime <= FACTOR_MAX_AGE;
  if (hasFactor && !fresh) {
    throw aal2Required(
      `Whoever has a second factor gives it before adding another, within ${FACTOR_MAX_AGE} seconds: POST /v1/auth/mfa/verify.`,
    );
  }
}
