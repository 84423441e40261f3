import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { JwksController } from './keys/jwks.controller.js';
import { SigningKeys } from './keys/signing-keys.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { SessionsRepository } from './sessions.repository.js';
import { AccessTokens } from './tokens/access-tokens.js';

/** Accounts, sessions and tokens. */
@Module({
  imports: [PassportModule],
  controllers: [AuthController, JwksController],
  providers: [AuthService, SessionsRepository, SigningKeys, AccessTokens, PasswordHasher],
  exports: [AccessTokens, PasswordHasher],
})
export class IdentityModule {}
