import { Body, Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswersSecret,
  ApiProblems,
  Audited,
  PRIVATE,
  Public,
  ReadsOnly,
  reply,
  type Reply,
} from '../../route/index.js';
import { originOf, TokenResponse } from '../identity/index.js';
import { AcceptanceActions } from './acceptance.actions.js';
import { AcceptanceService } from './acceptance.service.js';
import { callerOf, MaybeSignedIn } from './maybe-signed-in.guard.js';
import { AcceptInvitationRequest, PreviewInvitationRequest } from './dto/requests.js';
import { InvitationPreview } from './dto/responses.js';

/** For whoever holds the token of an invitation's link. */
@ApiTags('Invitations')
@Controller('v1/invitations')
export class AcceptanceController {
  constructor(private readonly acceptance: AcceptanceService) {}

  @Post('preview')
  @HttpCode(200)
  @Public()
  @ReadsOnly()
  @ApiOperation({
    operationId: 'previewInvitation',
    summary: 'What the link of an invitation leads to',
    description: 'One answer for a token that is used, revoked, expired or was never sent.',
  })
  @ApiOkResponse({ type: InvitationPreview })
  @ApiProblems(404)
  async preview(@Body() body: PreviewInvitationRequest): Promise<Reply<InvitationPreview>> {
    return reply(await this.acceptance.preview(body.token), PRIVATE);
  }

  @Post('accept')
  @HttpCode(200)
  @Public()
  @Audited(AcceptanceActions.accepted)
  @UseGuards(MaybeSignedIn)
  @AnswersSecret('Sign in again.')
  @ApiOperation({
    operationId: 'acceptInvitation',
    summary: 'Join a tenant by the link of an invitation',
    description:
      'Whoever has no account with the address that was invited gives a name and a password, and gets one. Whoever has one ' +
      'signs in first and sends that access token, of any tenant or none; else the answer is `sign_in_to_accept`. The new ' +
      'session stands at aal1.',
  })
  @ApiBody({
    type: AcceptInvitationRequest,
    examples: {
      newcomer: {
        summary: 'Somebody new',
        value: { token: '********', fullName: 'Ada Lovelace', password: '********' },
      },
      known: { summary: 'Somebody with an account, signed in', value: { token: '********' } },
    },
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(401, 403, 404, 409, 422)
  async accept(@Body() body: AcceptInvitationRequest, @Req() request: Request): Promise<Reply<TokenResponse>> {
    return reply(await this.acceptance.accept(body, callerOf(request), originOf(request)), PRIVATE);
  }
}
