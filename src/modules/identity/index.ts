export { canonicalEmail } from './auth.service.js';
export { IdentityModule } from './identity.module.js';
export { PasswordHasher } from './passwords/password-hasher.js';
export {
  AccessTokens,
  bearerToken,
  capabilityHash,
  capabilityOf,
  type AccessTokenClaims,
} from './tokens/access-tokens.js';
