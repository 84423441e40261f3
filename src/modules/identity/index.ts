export { AccountsRepository, type UserRow } from './accounts/accounts.repository.js';
export { canonicalEmail } from './accounts/email.js';
export { TenantSummary, TokenResponse } from './dto/responses.js';
export { GuessLimits, lockedFor, type Target } from './guessing/guess-limits.js';
export { UnlockMails } from './guessing/unlock-mails.js';
export { SessionActions } from './identity.actions.js';
export { IdentityModule } from './identity.module.js';
export { PasswordHasher } from './passwords/password-hasher.js';
export { type PasswordContext, PasswordPolicy } from './passwords/password-policy.js';
export { actIn, actOf } from './sessions/act.js';
export { ended, Grants, type ProvenPerson } from './sessions/grants.js';
export { type Origin, originOf } from './sessions/origin.js';
export { SessionListRepository } from './sessions/session-list.repository.js';
export type { HeldSession } from './sessions/sessions.repository.js';
export { type Attempt, Attempts } from './sign-in/attempts.js';
export {
  AccessTokens,
  bearerToken,
  capabilityHash,
  capabilityOf,
  type AccessTokenClaims,
} from './tokens/access-tokens.js';
export { invitationHash, invitationHashes } from './tokens/invitation-hash.js';
export { ONE_TIME_TTL_SECONDS, OneTimeTokens, type OneTimeToken } from './tokens/one-time-tokens.js';
export { newSecret, secretHash } from './tokens/secrets.js';
