import { ApiProperty } from '@nestjs/swagger';
import { CHECK_STATUSES, type CheckStatus, type Verdict, VERDICTS } from '../../doctor/index.js';

export class AllowedView {
  @ApiProperty({ example: 'It holds the names of the migrations that ran, the same for every tenant.' })
  reason!: string;
  @ApiProperty({ format: 'date', example: '2026-11-22', description: 'When that was judged.' }) date!: string;
}

export class IsolationFindingView {
  @ApiProperty({ example: 'app.deals', description: 'As SQL names it.' }) object!: string;
  @ApiProperty({ example: 'row level security is off' }) detail!: string;
  @ApiProperty({ type: AllowedView, required: false, description: 'Only where it is allowed: why it may stay.' })
  allowed?: AllowedView;
}

export class IsolationCheckView {
  @ApiProperty({ example: 'rls-forced' }) id!: string;
  @ApiProperty({
    example: 'Row level security is off or not forced',
    description: 'What is wrong if it finds something.',
  })
  title!: string;
  @ApiProperty({ enum: ['BLOCK', 'FIX'], description: 'BLOCK: no server serves on what it finds.' })
  severity!: 'BLOCK' | 'FIX';
  @ApiProperty({
    enum: CHECK_STATUSES,
    description: '`accepted`: all that was found is allowed. `skipped`: it could not run, so nothing is known.',
  })
  status!: CheckStatus;
  @ApiProperty({ description: 'What somebody could do if it were left.' }) why!: string;
  @ApiProperty({ description: 'What to do about a finding.' }) mend!: string;
  @ApiProperty({ example: 'docs/doctor/rls-forced.md', description: 'Its page, in the repository.' }) page!: string;
  @ApiProperty({ type: [IsolationFindingView] }) findings!: IsolationFindingView[];
  @ApiProperty({ required: false, description: 'Only where it was skipped: why.' }) skipped?: string;
}

export class IsolationReportView {
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ example: '18.7', description: 'Version of PostgreSQL.' }) server!: string;
  @ApiProperty({ example: 'ringfence' }) database!: string;
  @ApiProperty({ type: [String], example: ['ringfence_app', 'ringfence_service'], description: 'Who asked.' })
  roles!: string[];
  @ApiProperty({
    enum: VERDICTS,
    description:
      '`BLOCK`: isolation is broken or can be lifted. `FIX`: a layer is missing, or a check could not run. `PASS`: neither.',
  })
  verdict!: Verdict;
  @ApiProperty({ type: [IsolationCheckView] }) checks!: IsolationCheckView[];
}
