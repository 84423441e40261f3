import { Transform } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { type Field, field } from './field.js';

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

/** A whole number in a body: a JSON number. */
export const WholeNumberField = (options: Field & { min: number; max: number }): PropertyDecorator => {
  const { min, max, ...rest } = options;
  return field(rest, { type: 'integer', minimum: min, maximum: max }, IsInt(), Min(min), Max(max));
};

/** A whole number in a query string: digits alone, with a sign perhaps, so that "0x10" and "1e1" are refused and not read as 16 and 10. */
export const WholeNumberParameter = (options: Field & { min: number; max: number }): PropertyDecorator => {
  const { min, max, ...rest } = options;
  return field(
    rest,
    { type: 'integer', minimum: min, maximum: max },
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    Min(min),
    Max(max),
  );
};
