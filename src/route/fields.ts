import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { canonicalForm } from './canonical-email.js';

/** One decorator a field: what it documents is what it checks. */
interface Field {
  description?: string;
  example?: unknown;
  optional?: boolean;
  default?: unknown;
}

type Schema = Record<string, unknown>;

/** Absent is allowed; null is not: "leave it" and "empty it" are different wishes. */
function field(options: Field, schema: Schema, ...checks: PropertyDecorator[]): PropertyDecorator {
  const { optional, ...shown } = options;
  const document = { ...schema, ...shown } as Parameters<typeof ApiProperty>[0];
  return optional
    ? applyDecorators(
        ApiPropertyOptional(document),
        ValidateIf((_, value) => value !== undefined),
        ...checks,
      )
    : applyDecorators(ApiProperty(document), ...checks);
}

/** Text of min to max characters, not only white space. */
export const TextField = (options: Field & { min?: number; max: number }): PropertyDecorator => {
  const { min = 1, max, ...rest } = options;
  const visible = min > 0 ? [Matches(/\S/, { message: '$property must not be blank' })] : [];
  return field(rest, { type: 'string', minLength: min, maxLength: max }, IsString(), Length(min, max), ...visible);
};

/** A secret as the client holds it: any text, never echoed in a message or an example. */
export const SecretField = (options: Field & { max: number }): PropertyDecorator => {
  const { max, ...rest } = options;
  return field(rest, { type: 'string', format: 'password', minLength: 1, maxLength: max }, IsString(), Length(1, max));
};

/** An address in any spelling that has a canonical form, internationalised ones included (RFC 6531). */
export const EmailField = (options: Field = {}): PropertyDecorator =>
  field(options, { type: 'string', format: 'email', maxLength: 254 }, IsString(), Length(3, 254), HasCanonicalForm());

const HasCanonicalForm = (): PropertyDecorator =>
  ValidateBy({
    name: 'isEmail',
    validator: {
      validate: (value) => typeof value === 'string' && value.trim() === value && canonicalForm(value) !== undefined,
      defaultMessage: () => '$property must be an email',
    },
  });

export const UuidField = (options: Field = {}): PropertyDecorator =>
  field(options, { type: 'string', format: 'uuid' }, IsString(), IsUUID('all'));

/** A list of short words without repetition, each of the given form. */
export const WordsField = (
  options: Field & { min?: number; max: number; pattern: RegExp; form: string },
): PropertyDecorator => {
  const { min, max, pattern, form, ...rest } = options;
  const least = min === undefined ? {} : { minItems: min };
  return field(
    rest,
    { type: 'array', items: { type: 'string', pattern: pattern.source }, ...least, maxItems: max, uniqueItems: true },
    IsArray(),
    ArrayMinSize(min ?? 0),
    ArrayMaxSize(max),
    ArrayUnique(),
    IsString({ each: true }),
    Matches(pattern, { each: true, message: `each value in $property must be ${form}` }),
  );
};

/** A list of ids without repetition. */
export const UuidsField = (options: Field & { max: number }): PropertyDecorator => {
  const { max, ...rest } = options;
  return field(
    rest,
    { type: 'array', items: { type: 'string', format: 'uuid' }, maxItems: max, uniqueItems: true },
    IsArray(),
    ArrayMaxSize(max),
    ArrayUnique(),
    IsString({ each: true }),
    IsUUID('all', { each: true }),
  );
};

/** One of a few words. */
export const ChoiceField = (choices: readonly string[], options: Field = {}): PropertyDecorator =>
  field(options, { type: 'string', enum: [...choices] }, IsIn(choices));

/** A non-negative amount as decimal text with at most two places: a binary float would lose cents. */
export const MoneyField = (options: Field = {}): PropertyDecorator =>
  field(
    options,
    { type: 'string', pattern: '^\\d{1,16}(\\.\\d{1,2})?$' },
    Matches(/^\d{1,16}(\.\d{1,2})?$/, { message: '$property must be an amount like "1200.50"' }),
  );

/** ISO 4217 code. */
export const CurrencyField = (options: Field = {}): PropertyDecorator =>
  field(
    options,
    { type: 'string', pattern: '^[A-Z]{3}$' },
    Matches(/^[A-Z]{3}$/, { message: '$property must be a currency code like "EUR"' }),
  );

/** Text of a given form, which `form` says in words. */
export const PatternField = (options: Field & { pattern: RegExp; form: string }): PropertyDecorator => {
  const { pattern, form, ...rest } = options;
  return field(
    rest,
    { type: 'string', pattern: pattern.source },
    Matches(pattern, { message: `$property must be ${form}` }),
  );
};

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;

/** A point in time: RFC 3339, to the microsecond, with its offset. */
export const TimeField = (options: Field = {}): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'date-time' },
    ValidateBy({
      name: 'isTime',
      validator: {
        validate: (value) => typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)),
        defaultMessage: () => '$property must be a time like 2026-11-21T16:00:00Z',
      },
    }),
  );

/** A whole number in a body: a JSON number. */
export const WholeNumberField = (options: Field & { min: number; max: number }): PropertyDecorator => {
  const { min, max, ...rest } = options;
  return field(rest, { type: 'integer', minimum: min, maximum: max }, IsInt(), Min(min), Max(max));
};

/** A list of objects, each checked by its own class. */
export const ObjectsField = (
  of: new () => object,
  options: Field & { min?: number; max: number },
): PropertyDecorator => {
  const { min = 1, max, ...rest } = options;
  return field(
    rest,
    { type: [of], minItems: min, maxItems: max },
    IsArray(),
    ArrayMinSize(min),
    ArrayMaxSize(max),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(() => of),
  );
};

/** A whole number in a query string: digits only, so that "0x10" and "1e1" are refused and not read as 16 and 10. */
export const WholeNumberParameter = (options: Field & { min: number; max: number }): PropertyDecorator => {
  const { min, max, ...rest } = options;
  return field(
    rest,
    { type: 'integer', minimum: min, maximum: max },
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    Min(min),
    Max(max),
  );
};
