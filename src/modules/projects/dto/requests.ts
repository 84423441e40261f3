import { TextField, UuidField } from '../../../route/index.js';

export class CreateProjectRequest {
  @TextField({ max: 200, example: 'First project' })
  name!: string;
}

/** What changes; at least one field. */
export class UpdateProjectRequest {
  @TextField({ max: 200, optional: true })
  name?: string;
}

export class ProjectPath {
  @UuidField({ description: 'The project.' })
  id!: string;
}
