import { ChoiceField, PageQuery, TextField, UuidField } from '../../../../route/index.js';

export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'dead'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export class ListJobsQuery extends PageQuery {
  @ChoiceField(JOB_STATUSES, { optional: true })
  status?: JobStatus;

  @TextField({ max: 100, optional: true, example: 'file.scan' })
  kind?: string;
}

export class JobPath {
  @UuidField()
  id!: string;
}
