import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsRepository } from './projects.repository.js';
import './projects.resource.js';
import { ProjectsService } from './projects.service.js';

/** Projects. All members of the tenant share them. */
@Module({
  imports: [AccessModule],
  controllers: [ProjectsController],
  providers: [ProjectsService, ProjectsRepository],
})
export class ProjectsModule {}
