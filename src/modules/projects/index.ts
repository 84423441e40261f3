export { Project } from './project.entity.js';
export { ProjectsModule } from './projects.module.js';
export { ProjectPermissions } from './projects.permissions.js';
export { ProjectResource } from './projects.resource.js';
