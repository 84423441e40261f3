import { IsString, IsUrl, Length, Matches, ValidateBy } from 'class-validator';
import { canonicalForm } from '../canonical-email.js';
import { type Field, field } from './field.js';

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

/** Text of a given form, which `form` says in words. */
export const PatternField = (options: Field & { pattern: RegExp; form: string }): PropertyDecorator => {
  const { pattern, form, ...rest } = options;
  return field(
    rest,
    { type: 'string', pattern: pattern.source },
    Matches(pattern, { message: `$property must be ${form}` }),
  );
};

/** An absolute address on the web, with its scheme: https, or http. */
export const UrlField = (options: Field = {}): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'uri', maxLength: 2000 },
    IsString(),
    Length(8, 2000),
    IsUrl({ protocols: ['https', 'http'], require_protocol: true, require_tld: false, disallow_auth: true }),
  );
