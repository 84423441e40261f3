import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswersSecret,
  ApiProblems,
  Audited,
  NotAudited,
  PRIVATE,
  Public,
  reply,
  type Reply,
} from '../../../route/index.js';
import { originOf, SessionActions, TokenResponse } from '../../identity/index.js';
import { PasskeyLoginRequest } from './dto/requests.js';
import { AuthenticationOptionsResponse } from './dto/responses.js';
import { PasskeysService } from './passkeys.service.js';

/** Sign-in with a passkey alone. */
@ApiTags('Auth')
@Controller('v1/auth/passkeys')
export class PasskeysController {
  constructor(private readonly passkeys: PasskeysService) {}

  @Post('options')
  @HttpCode(200)
  @Public()
  @NotAudited('A challenge that is nobody’s yet, which changes nothing by itself.')
  @AnswersSecret('Ask for new options, with a new key.')
  @ApiOperation({
    operationId: 'createPasskeyLoginOptions',
    summary: 'Begin to sign in with a passkey',
    description:
      'The answer is for `PublicKeyCredential.parseRequestOptionsFromJSON`. Which passkey, the browser asks.',
  })
  @ApiOkResponse({ type: AuthenticationOptionsResponse })
  async options(@Req() request: Request): Promise<Reply<AuthenticationOptionsResponse>> {
    return reply(await this.passkeys.signInOptions(originOf(request)), PRIVATE);
  }

  @Post('login')
  @HttpCode(200)
  @Public()
  @Audited(SessionActions.signedIn)
  @AnswersSecret('Sign in again.')
  @ApiOperation({
    operationId: 'loginWithPasskey',
    summary: 'Sign in with a passkey',
    description:
      'No password: the device and what unlocks it are two factors, so that the session stands at aal2. Who belongs to ' +
      'several tenants names one, or chooses later.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(401, 403)
  async login(@Body() body: PasskeyLoginRequest, @Req() request: Request): Promise<Reply<TokenResponse>> {
    return reply(await this.passkeys.signIn(body, originOf(request)), PRIVATE);
  }
}
