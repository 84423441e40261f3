import { ChoiceField, PageQuery, TextField, UuidField } from '../../../../route/index.js';

export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'dead'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export class ListJobsQuery extends PageQuery {
  @ChoiceField(JOB_STATUSES, { optional: true, description: 'Only those.' })
  status?: JobStatus;

  @TextField({ max: 100, optional: true, example: 'file.scan', description: 'Only of this kind.' })
  kind?: string;
}

export class JobPath {
  @UuidField({ description: 'The job.' })
  id!: string;
}
