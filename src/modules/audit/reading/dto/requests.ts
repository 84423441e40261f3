import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsString, Matches, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { ChoiceField, isTime, PageQuery, UuidField } from '../../../../route/index.js';

export const OUTCOMES = ['success', 'denied', 'failure'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const ACTION = /^[a-z_]{1,50}(\.[a-z_]{1,50}){1,3}$/;
const WORD = /^[a-z_]{1,50}$/;

const wordParameter = (pattern: RegExp, form: string, description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'string', pattern: pattern.source, maxLength: 100, description }),
    ValidateIf((_, value) => value !== undefined),
    IsString(),
    Matches(pattern, { message: `$property must be ${form}` }),
  );

/** A point in time: RFC 3339, to the microsecond, with its offset. */
const TimeParameter = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'date-time', description }),
    ValidateIf((_, value) => value !== undefined),
    ValidateBy({
      name: 'isTime',
      validator: {
        validate: (value) => typeof value === 'string' && isTime(value),
        defaultMessage: () => '$property must be a time like 2026-11-21T16:00:00Z (a plus sign is written %2B)',
      },
    }),
  );

/** How many entries: digits only. */
const SizeParameter = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    Min(0),
    Max(Number.MAX_SAFE_INTEGER),
  );

export class ListAuditQuery extends PageQuery {
  @wordParameter(ACTION, 'an action like deal.updated', 'Only this action.')
  action?: string;

  @UuidField({ optional: true, description: 'Only what this person did.' })
  actorId?: string;

  @wordParameter(WORD, 'a kind of target like deal', 'Only what was done to this kind of target.')
  targetType?: string;

  @UuidField({ optional: true, description: 'Only what was done to this target, or changed this row on its way.' })
  targetId?: string;

  @ChoiceField(OUTCOMES, { optional: true, description: 'Only what ended so.' })
  outcome?: Outcome;

  @TimeParameter('Not before this time.')
  from?: string;

  @TimeParameter('Before this time.')
  to?: string;
}

export class ConsistencyQuery {
  @SizeParameter('Size of the smaller tree.')
  from!: number;

  @SizeParameter('Size of the larger tree.')
  to!: number;
}

export class AuditEntryPath {
  @UuidField({ description: 'The entry.' })
  id!: string;
}
