import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsString, IsUUID } from 'class-validator';
import { type Field, field } from './field.js';

export const UuidField = (options: Field = {}): PropertyDecorator =>
  field(options, { type: 'string', format: 'uuid' }, IsString(), IsUUID('all'));

/** One of a few words. */
export const ChoiceField = (choices: readonly string[], options: Field = {}): PropertyDecorator =>
  field(options, { type: 'string', enum: [...choices] }, IsIn(choices));

/** Yes or no, in a body: a JSON boolean. */
export const BooleanField = (options: Field = {}): PropertyDecorator =>
  field(options, { type: 'boolean' }, IsBoolean());

/** Yes or no, in a query string: the words true and false, and no others. */
export const BooleanParameter = (options: Field = {}): PropertyDecorator =>
  field(
    options,
    { type: 'boolean' },
    Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)),
    IsBoolean(),
  );
