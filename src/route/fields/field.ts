import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';

/** One decorator a field: what it documents is what it checks. */
export interface Field {
  description?: string;
  example?: unknown;
  /** may be left out */
  optional?: boolean;
  /** null empties it */
  nullable?: boolean;
  default?: unknown;
}

type Schema = Record<string, unknown>;

/** Absent and null are different wishes, "leave it" and "empty it": each is taken only where it is allowed. */
export function field(options: Field, schema: Schema, ...checks: PropertyDecorator[]): PropertyDecorator {
  const { optional, ...shown } = options;
  const document = { ...schema, ...shown } as Parameters<typeof ApiProperty>[0];
  const given = (value: unknown): boolean =>
    !(optional && value === undefined) && !(options.nullable && value === null);
  return applyDecorators(
    optional ? ApiPropertyOptional(document) : ApiProperty(document),
    ...(optional || options.nullable ? [ValidateIf((_, value) => given(value))] : []),
    ...checks,
  );
}
