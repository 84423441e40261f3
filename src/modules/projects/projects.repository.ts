import { Injectable } from '@nestjs/common';
import { Records, TenantDb } from '../../database/index.js';
import type { ProjectView } from './dto/responses.js';
import { Project } from './project.entity.js';

/** Statements on projects, by the policies of app.projects. */
@Injectable()
export class ProjectsRepository extends Records<ProjectView> {
  constructor(db: TenantDb) {
    super(db, Project);
  }
}
