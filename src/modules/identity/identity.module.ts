import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { MailModule } from '../mail/index.js';
import { AccountsRepository } from './accounts/accounts.repository.js';
import { GuessLimits } from './guessing/guess-limits.js';
import { RequestedMails } from './guessing/requested-mails.js';
import { UnlockMails } from './guessing/unlock-mails.js';
import { UnlockController } from './guessing/unlock.controller.js';
import { UnlockService } from './guessing/unlock.service.js';
import { JwksController } from './keys/jwks.controller.js';
import { SigningKeys } from './keys/signing-keys.js';
import { MagicLinksController } from './magic-links/magic-links.controller.js';
import { MagicLinksService } from './magic-links/magic-links.service.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { PasswordsController } from './passwords/passwords.controller.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { Grants } from './sessions/grants.js';
import { SessionListRepository } from './sessions/session-list.repository.js';
import { MemberSessionsController, SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { Attempts } from './sign-in/attempts.js';
import { AuthController } from './sign-in/auth.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { OneTimeTokens } from './tokens/one-time-tokens.js';

/** Accounts, sessions and tokens. */
@Module({
  imports: [PassportModule, MailModule],
  controllers: [
    AuthController,
    MagicLinksController,
    PasswordsController,
    UnlockController,
    SessionsController,
    MemberSessionsController,
    JwksController,
  ],
  providers: [
    AccountsRepository,
    Attempts,
    SignInService,
    Grants,
    SessionsRepository,
    SessionListRepository,
    SessionsService,
    OneTimeTokens,
    GuessLimits,
    UnlockMails,
    UnlockService,
    RequestedMails,
    MagicLinksService,
    PasswordPolicy,
    PasswordsService,
    SigningKeys,
    AccessTokens,
    PasswordHasher,
  ],
  exports: [
    AccessTokens,
    PasswordHasher,
    PasswordPolicy,
    AccountsRepository,
    Attempts,
    Grants,
    SessionListRepository,
    OneTimeTokens,
    GuessLimits,
    UnlockMails,
  ],
})
export class IdentityModule {}
