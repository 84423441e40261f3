import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  ValidateNested,
} from 'class-validator';
import { type Field, field } from './field.js';

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
