import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.js';
import { MailModule } from '../mail/index.js';
import { CodeGuesses } from './code-guesses.js';
import { FactorChanges } from './factors/factor-changes.js';
import { FactorsController } from './factors/factors.controller.js';
import { FactorsRepository } from './factors/factors.repository.js';
import { FactorsService } from './factors/factors.service.js';
import { RecoveryCodes } from './factors/recovery-codes.js';
import { TotpController } from './totp/totp.controller.js';
import { TotpService } from './totp/totp.service.js';
import { Totp } from './totp/totp.js';
import { StepUpService } from './verify/step-up.service.js';
import { VerifyController } from './verify/verify.controller.js';
import { Assertions } from './webauthn/assertions.js';
import { Challenges } from './webauthn/challenges.js';
import { PasskeysController } from './webauthn/passkeys.controller.js';
import { PasskeysRepository } from './webauthn/passkeys.repository.js';
import { PasskeysService } from './webauthn/passkeys.service.js';
import { PasskeyRegistrationService } from './webauthn/registration.service.js';
import { RelyingParty } from './webauthn/relying-party.js';
import { WebAuthnController } from './webauthn/webauthn.controller.js';

/** Second factors: enrolment, step-up, recovery. */
@Module({
  imports: [IdentityModule, MailModule],
  controllers: [FactorsController, TotpController, VerifyController, WebAuthnController, PasskeysController],
  providers: [
    FactorsRepository,
    FactorChanges,
    FactorsService,
    RecoveryCodes,
    CodeGuesses,
    Totp,
    TotpService,
    StepUpService,
    RelyingParty,
    Challenges,
    PasskeysRepository,
    Assertions,
    PasskeyRegistrationService,
    PasskeysService,
  ],
})
export class MfaModule {}
