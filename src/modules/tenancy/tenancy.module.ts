import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.js';
import { MembersController } from './members.controller.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';
import { TenantsController } from './tenants.controller.js';
import { TenantsRepository } from './tenants.repository.js';
import { TenantsService } from './tenants.service.js';

/** Tenants and who belongs to them. */
@Module({
  imports: [IdentityModule],
  controllers: [TenantsController, MembersController],
  providers: [TenantsService, TenantsRepository, MembersService, MembersRepository],
})
export class TenancyModule {}
