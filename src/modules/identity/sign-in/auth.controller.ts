import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequestContext } from '../../../context/index.js';
import {
  AnswersSecret,
  ApiProblems,
  Audited,
  Limited,
  NotAudited,
  PRIVATE,
  Public,
  reply,
  type Reply,
  SessionOnly,
} from '../../../route/index.js';
import { LoginRequest, RefreshRequest, SwitchTenantRequest } from '../dto/requests.js';
import { MeResponse, TokenResponse } from '../dto/responses.js';
import { SessionActions } from '../identity.actions.js';
import { originOf } from '../sessions/origin.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('Auth')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly auth: SignInService,
    private readonly context: RequestContext,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @Audited(SessionActions.signedIn)
  @AnswersSecret('Sign in again.')
  @ApiOperation({
    operationId: 'login',
    summary: 'Sign in with e-mail and password',
    description: 'Who belongs to several tenants names one, or gets a session without a tenant and chooses later.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(401, 403)
  async login(@Body() body: LoginRequest, @Req() request: Request): Promise<Reply<TokenResponse>> {
    return reply(await this.auth.login(body, originOf(request)), PRIVATE);
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @Limited({ perMinute: 1_200 }) // an office behind one address, each browser once in ten minutes
  @NotAudited(
    'The next tokens of a session that is recorded already. A session that this ends is recorded all the same.',
  )
  @AnswersSecret('Refresh again, with a new key.')
  @ApiOperation({
    operationId: 'refresh',
    summary: 'Exchange a refresh token for the next pair',
    description:
      'A repeat within ten seconds gets the same successor, so that a lost answer does no harm; a later one ends the session.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(401, 403, 409)
  async refresh(@Body() body: RefreshRequest): Promise<Reply<TokenResponse>> {
    return reply(await this.auth.refresh(body.refreshToken), PRIVATE);
  }

  @Post('logout')
  @HttpCode(204)
  @SessionOnly()
  @Audited(SessionActions.signedOut)
  @ApiOperation({
    operationId: 'logout',
    summary: 'End this session, on every pod, at once',
    description: 'Its tokens are refused from now on. Other sessions of the person go on.',
  })
  @ApiNoContentResponse()
  async logout(): Promise<void> {
    await this.auth.logout(this.context.principal);
  }

  @Get('me')
  @SessionOnly()
  @ApiOperation({
    operationId: 'getMe',
    summary: 'Who am I, where, and what may I do',
    description: 'The rights are those of this moment, whatever the token says. Works without a tenant.',
  })
  @ApiOkResponse({ type: MeResponse })
  async me(): Promise<Reply<MeResponse>> {
    return reply(await this.auth.me(this.context.principal), PRIVATE);
  }

  @Post('switch-tenant')
  @HttpCode(200)
  @SessionOnly()
  @Audited(SessionActions.tenantSwitched)
  @AnswersSecret('Switch again, with a new key.')
  @ApiOperation({
    operationId: 'switchTenant',
    summary: 'Move this session to another tenant that one belongs to',
    description: 'Tokens issued before are void.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(403)
  async switchTenant(@Body() body: SwitchTenantRequest): Promise<Reply<TokenResponse>> {
    return reply(await this.auth.switchTenant(this.context.principal, body.tenant), PRIVATE);
  }
}
