import { Module } from '@nestjs/common';
import { AssignmentsController, PermissionsController } from './assignments.controller.js';
import { PermissionCatalogue } from './permission-catalogue.js';
import { RolesController } from './roles.controller.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';

/** Roles, what they hold, and who has them. */
@Module({
  controllers: [RolesController, PermissionsController, AssignmentsController],
  providers: [PermissionCatalogue, RolesService, RolesRepository],
})
export class RbacModule {}
