import { ApiProperty } from '@nestjs/swagger';
import { JOB_STATUSES, type JobStatus } from './requests.js';

export class JobView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'file.scan' }) kind!: string;
  @ApiProperty({ enum: JOB_STATUSES, description: 'dead: it was tried as often as it may be, or trying is no use.' })
  status!: JobStatus;
  @ApiProperty({ format: 'uuid', description: 'For whom it is done.' }) actorId!: string;
  @ApiProperty({ type: 'integer', description: 'Tries so far.' }) attempt!: number;
  @ApiProperty({ type: 'integer' }) attemptsAtMost!: number;
  @ApiProperty({ type: String, nullable: true, example: 'permission_missing', description: 'Of the last try.' })
  error!: string | null;
  @ApiProperty({ format: 'date-time', description: 'Not before.' }) runAfter!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) startedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) finishedAt!: string | null;
}

export class JobPage {
  @ApiProperty({ type: [JobView] }) items!: JobView[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}
