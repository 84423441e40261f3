import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.js';
import { MailModule } from '../mail/index.js';
import { AcceptanceController } from './acceptance.controller.js';
import { AcceptanceRepository } from './acceptance.repository.js';
import { AcceptanceService } from './acceptance.service.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationsService } from './invitations.service.js';

/** The way into a tenant, and for somebody new the only one. */
@Module({
  imports: [IdentityModule, MailModule],
  controllers: [AcceptanceController, InvitationsController],
  providers: [InvitationsService, InvitationsRepository, AcceptanceService, AcceptanceRepository],
})
export class InvitationsModule {}
