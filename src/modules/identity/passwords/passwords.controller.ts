import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequestContext } from '../../../context/index.js';
import { ApiProblems, Audited, Public, SessionOnly } from '../../../route/index.js';
import { ChangePasswordRequest, ForgotPasswordRequest, ResetPasswordRequest } from '../dto/passwords.js';
import { PasswordActions } from '../identity.actions.js';
import { originOf } from '../sessions/origin.js';
import { PasswordsService } from './passwords.service.js';

@ApiTags('Auth')
@Controller('v1/auth/password')
export class PasswordsController {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly context: RequestContext,
  ) {}

  @Post('forgot')
  @HttpCode(202)
  @Public()
  @Audited(PasswordActions.resetRequested)
  @ApiOperation({
    operationId: 'forgotPassword',
    summary: 'Ask for a mail with a link that sets a new password',
    description: 'Answers the same whether or not there is such an account.',
  })
  @ApiAcceptedResponse()
  async forgot(@Body() body: ForgotPasswordRequest, @Req() request: Request): Promise<void> {
    await this.passwords.forgot(body.email, originOf(request));
  }

  @Post('reset')
  @HttpCode(204)
  @Public()
  @Audited(PasswordActions.reset)
  @ApiOperation({
    operationId: 'resetPassword',
    summary: 'Set a new password with the link of a mail',
    description: 'Ends every session. Second factors stay. A password that is refused leaves the link good.',
  })
  @ApiNoContentResponse()
  @ApiProblems(401, 409, 422)
  async reset(@Body() body: ResetPasswordRequest, @Req() request: Request): Promise<void> {
    await this.passwords.reset(body.token, body.password, originOf(request));
  }

  @Post('change')
  @HttpCode(204)
  @SessionOnly()
  @Audited(PasswordActions.changed)
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Change one’s password',
    description: 'Ends every other session. A wrong current password counts as a guess at the account.',
  })
  @ApiNoContentResponse()
  @ApiProblems(409, 422)
  async change(@Body() body: ChangePasswordRequest): Promise<void> {
    await this.passwords.change(this.context.principal, body.currentPassword, body.newPassword);
  }
}
