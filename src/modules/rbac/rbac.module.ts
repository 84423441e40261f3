import { Module } from '@nestjs/common';
import { AssignmentsController } from './assignments.controller.js';
import { PermissionCatalogue } from './permission-catalogue.js';
import { PermissionsController } from './permissions.controller.js';
import { RolesController } from './roles.controller.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';

/** Roles, what they hold, and who has them. */
@Module({
  controllers: [RolesController, PermissionsController, AssignmentsController],
  providers: [PermissionCatalogue, RolesService, RolesRepository],
})
export class RbacModule {}
