import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequestContext } from '../../../context/index.js';
import {
  AnswersSecret,
  ApiProblems,
  Audited,
  NotAudited,
  PRIVATE,
  reply,
  type Reply,
  SessionOnly,
} from '../../../route/index.js';
import { SessionActions, TokenResponse } from '../../identity/index.js';
import { FactorActions } from '../mfa.actions.js';
import { RegisterPasskeyRequest, VerifyPasskeyRequest } from './dto/requests.js';
import {
  AuthenticationOptionsResponse,
  PasskeyRegisteredResponse,
  RegistrationOptionsResponse,
} from './dto/responses.js';
import { PasskeyRegistrationService } from './registration.service.js';
import { PasskeysService } from './passkeys.service.js';

/** Passkeys as a second factor. */
@ApiTags('MFA')
@Controller('v1/auth/mfa/webauthn')
export class WebAuthnController {
  constructor(
    private readonly registration: PasskeyRegistrationService,
    private readonly passkeys: PasskeysService,
    private readonly context: RequestContext,
  ) {}

  @Post('registration-options')
  @HttpCode(200)
  @SessionOnly()
  @NotAudited('A challenge for the caller alone, which changes nothing by itself.')
  @AnswersSecret('Ask for new options, with a new key.')
  @ApiOperation({
    operationId: 'createPasskeyRegistrationOptions',
    summary: 'Begin to register a passkey',
    description:
      'The answer is for `PublicKeyCredential.parseCreationOptionsFromJSON`. Whoever has a second factor already must ' +
      'stand at aal2.',
  })
  @ApiOkResponse({ type: RegistrationOptionsResponse })
  @ApiProblems(403, 409)
  async registrationOptions(): Promise<Reply<RegistrationOptionsResponse>> {
    return reply(await this.registration.options(this.context.principal), PRIVATE);
  }

  @Post()
  @SessionOnly()
  @Audited(FactorActions.activated)
  @AnswersSecret('Draw new recovery codes: POST /v1/auth/mfa/recovery-codes.')
  @ApiOperation({
    operationId: 'registerPasskey',
    summary: 'Register a passkey',
    description:
      '`credential` is the `toJSON()` of what `navigator.credentials.create` gave. It is a second factor at once, and ' +
      'signs in by itself where the device keeps it. The first factor comes with recovery codes.',
  })
  @ApiCreatedResponse({ type: PasskeyRegisteredResponse })
  @ApiProblems(403, 409, 422)
  async register(@Body() body: RegisterPasskeyRequest): Promise<Reply<PasskeyRegisteredResponse>> {
    return reply(await this.registration.register(this.context.principal, body), PRIVATE);
  }

  @Post('authentication-options')
  @HttpCode(200)
  @SessionOnly()
  @NotAudited('A challenge for the caller alone, which changes nothing by itself.')
  @AnswersSecret('Ask for new options, with a new key.')
  @ApiOperation({
    operationId: 'createPasskeyAuthenticationOptions',
    summary: 'Begin to step up with a passkey',
    description: 'The answer is for `PublicKeyCredential.parseRequestOptionsFromJSON`.',
  })
  @ApiOkResponse({ type: AuthenticationOptionsResponse })
  @ApiProblems(409)
  async authenticationOptions(): Promise<Reply<AuthenticationOptionsResponse>> {
    return reply(await this.passkeys.stepUpOptions(this.context.principal), PRIVATE);
  }

  @Post('verify')
  @HttpCode(200)
  @SessionOnly()
  @Audited(SessionActions.steppedUp)
  @AnswersSecret('Verify again, with new options and a new key.')
  @ApiOperation({
    operationId: 'verifyPasskey',
    summary: 'Step up to aal2 with a passkey',
    description:
      '`credential` is the `toJSON()` of what `navigator.credentials.get` gave. Use the tokens of the answer.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(403)
  async verify(@Body() body: VerifyPasskeyRequest): Promise<Reply<TokenResponse>> {
    return reply(await this.passkeys.stepUp(this.context.principal, body), PRIVATE);
  }
}
