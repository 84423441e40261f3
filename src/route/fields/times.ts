import { ValidateBy } from 'class-validator';
import { type Field, field } from './field.js';

const TIME = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;

/** A point in time: RFC 3339 with its offset, of the years 1 to 9999 in UTC. What it has below a millisecond is not kept. */
export const TimeField = (options: Field = {}): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'date-time' },
    ValidateBy({
      name: 'isTime',
      validator: {
        validate: (value) => typeof value === 'string' && isTime(value),
        defaultMessage: () => '$property must be a time like 2026-11-21T16:00:00Z',
      },
    }),
  );

const DATE = /^\d{4}-\d\d-\d\d$/;

/** A day of the calendar, without a time or a place: RFC 3339 full-date. */
export const DateField = (options: Field = {}): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'date' },
    ValidateBy({
      name: 'isDate',
      validator: {
        validate: (value) => typeof value === 'string' && DATE.test(value) && isDay(value),
        defaultMessage: () => '$property must be a date like 2026-11-21',
      },
    }),
  );

/** Whether it is a time of RFC 3339 whose day there is, and whose year in UTC has four digits and is not 0. */
export function isTime(text: string): boolean {
  const year = new Date(text).getUTCFullYear(); // NaN for what is no time
  return TIME.test(text) && isDay(text.slice(0, 10)) && year >= 1 && year <= 9999;
}

/** Whether there is such a day: no 30th of February, and no year 0, which the database does not know. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !text.startsWith('0000') && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
