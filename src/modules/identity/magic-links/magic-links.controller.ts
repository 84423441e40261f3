import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { AnswersSecret, ApiProblems, Audited, PRIVATE, Public, reply, type Reply } from '../../../route/index.js';
import { MagicLinkRequest, VerifyMagicLinkRequest } from '../dto/passwords.js';
import { TokenResponse } from '../dto/responses.js';
import { MagicLinkActions, SessionActions } from '../identity.actions.js';
import { originOf } from '../sessions/origin.js';
import { MagicLinksService } from './magic-links.service.js';

@ApiTags('Auth')
@Controller('v1/auth/magic-link')
export class MagicLinksController {
  constructor(private readonly links: MagicLinksService) {}

  @Post()
  @HttpCode(202)
  @Public()
  @Audited(MagicLinkActions.requested)
  @ApiOperation({
    operationId: 'requestMagicLink',
    summary: 'Ask for a mail with a link that signs in',
    description: 'Answers the same whether or not there is such an account.',
  })
  @ApiAcceptedResponse()
  async send(@Body() body: MagicLinkRequest, @Req() request: Request): Promise<void> {
    await this.links.send(body, originOf(request));
  }

  @Post('verify')
  @HttpCode(200)
  @Public()
  @Audited(SessionActions.signedIn)
  @AnswersSecret('Sign in again.')
  @ApiOperation({
    operationId: 'verifyMagicLink',
    summary: 'Sign in with the link of a mail',
    description: 'Once, within ten minutes. The session stands at aal1.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(401, 403, 409)
  async verify(@Body() body: VerifyMagicLinkRequest, @Req() request: Request): Promise<Reply<TokenResponse>> {
    return reply(await this.links.verify(body, originOf(request)), PRIVATE);
  }
}
