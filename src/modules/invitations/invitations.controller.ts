import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  ApiProblems,
  Audited,
  Limited,
  nextLink,
  type Page,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
} from '../../route/index.js';
import { CreateInvitationRequest, InvitationPath, ListInvitationsQuery } from './dto/requests.js';
import { InvitationPage, InvitationView } from './dto/responses.js';
import { InvitationActions } from './invitations.actions.js';
import { InvitationPermissions } from './invitations.permissions.js';
import { InvitationsService } from './invitations.service.js';

@ApiTags('Invitations')
@Controller('v1/invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Get()
  @RequirePermission(InvitationPermissions.read)
  @ApiOperation({
    operationId: 'listInvitations',
    summary: 'List the invitations that nobody has accepted yet, newest first',
    description: 'Expired ones too: they can be sent again.',
  })
  @ApiOkResponse({ type: InvitationPage })
  async list(@Query() query: ListInvitationsQuery, @Req() request: Request): Promise<Reply<Page<InvitationView>>> {
    const page = await this.invitations.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(InvitationPermissions.create)
  @RequireAal2()
  @Audited(InvitationActions.created)
  @ApiOperation({
    operationId: 'createInvitation',
    summary: 'Invite somebody by mail into a role below one’s own',
    description: 'The link in the mail is good for seven days, and as long as the inviter may give out that role.',
  })
  @ApiCreatedResponse({ type: InvitationView })
  @ApiProblems(409, 422)
  async create(@Body() body: CreateInvitationRequest, @Req() request: Request): Promise<InvitationView> {
    const made = await this.invitations.create(body);
    this.nudgeAfter(request);
    return made;
  }

  @Post(':id/resend')
  @HttpCode(200)
  @RequirePermission(InvitationPermissions.create)
  @RequireAal2()
  @Limited({ perMinute: 20 })
  @Audited(InvitationActions.resent)
  @ApiOperation({
    operationId: 'resendInvitation',
    summary: 'Send an invitation again, in one’s own name and for another seven days',
    description: 'The link that was sent before is dead.',
  })
  @ApiOkResponse({ type: InvitationView })
  @ApiProblems(404)
  async resend(@Param() path: InvitationPath, @Req() request: Request): Promise<InvitationView> {
    const sent = await this.invitations.resend(path.id);
    this.nudgeAfter(request);
    return sent;
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(InvitationPermissions.delete)
  @RequireAal2()
  @Audited(InvitationActions.revoked)
  @ApiOperation({
    operationId: 'revokeInvitation',
    summary: 'Revoke an invitation into a role below one’s own',
    description: 'The link that was sent is dead from then on.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async revoke(@Param() path: InvitationPath): Promise<void> {
    await this.invitations.revoke(path.id);
  }

  /** The answer comes after the commit, and the mail was not there before it. */
  private nudgeAfter(request: Request): void {
    request.res?.once('finish', () => this.invitations.nudge());
  }
}
