import { pluralize, singularize } from 'inflection';
import { camel, snake } from './names.ts';
import { refuse } from './refusal.ts';
import { isSqlWord, OWN_COLUMNS, OWN_PARAMETERS } from './reserved.ts';

export const TYPES = [
  'string',
  'text',
  'integer',
  'money',
  'boolean',
  'date',
  'timestamp',
  'enum',
  'email',
  'url',
  'reference',
] as const;
/** `currency` comes with money, and is not asked for. */
export type Type = (typeof TYPES)[number] | 'currency';

/** A field as it was asked for. */
export interface Field {
  /** column, snake_case; of a reference with `_id` behind it */
  column: string;
  /** as in the API, camelCase */
  property: string;
  /** as it was written */
  name: string;
  type: Type;
  optional: boolean;
  unique: boolean;
  filter: boolean;
  /** of an enum */
  values: string[];
  /** the resource that a reference names */
  target: string | undefined;
}

/** What of other systems is another word for a type of ours. */
const OTHER_WORDS: Readonly<Record<string, Type>> = {
  str: 'string', varchar: 'string', char: 'string', longtext: 'text', int: 'integer', number: 'integer', bigint: 'integer',
  decimal: 'money', numeric: 'money', amount: 'money', price: 'money', float: 'money', bool: 'boolean',
  datetime: 'timestamp', timestamptz: 'timestamp', time: 'timestamp', choice: 'enum', select: 'enum', uri: 'url',
  mail: 'email', belongs_to: 'reference', uuid: 'reference', ref: 'reference', fk: 'reference',
}; // prettier-ignore

const MOST_FIELDS = 60;
const FLAGS = ['unique', 'filter'];

/** Types whose equality finds an index under row level security, and by which somebody would look for records. */
const FILTERABLE: readonly Type[] = ['string', 'integer', 'boolean', 'date', 'enum', 'email', 'reference'];
const UNIQUE: readonly Type[] = ['string', 'integer', 'date', 'email', 'reference'];

const NO_FILTER: Partial<Record<Type, string>> = {
  text: 'it is too long for an index, and nobody asks for the whole of it: filter a string or an enum',
  money:
    'equality of numeric is not leakproof, so under row level security no index would be used: filter an enum or an integer',
  timestamp: 'nobody asks for one microsecond: filter a date',
  url: 'it is too long for an index: filter a string',
};

const NO_UNIQUE: Partial<Record<Type, string>> = {
  text: 'it is too long for an index: use a string',
  money: 'amounts repeat: use a string or an integer',
  boolean: 'there would be two records at most: leave it out',
  timestamp: 'two things may happen at once: use a date, or leave it out',
  enum: 'there would be a record a value: leave it out',
  url: 'it is too long for an index: use a string',
};

/**
 * Reads `name:type[?][:unique][:filter]`.
 * @throws Refusal for one that cannot be, with what to write instead
 */
export function parseField(text: string): Field {
  const [name = '', kind = '', ...flags] = text.split(':');
  if (kind === '')
    refuse(`${text}: say of which type it is, such as ${name || 'title'}:string. Types: ${TYPES.join(', ')}.`);
  const form = /^([a-z_]+)(?:\(([^()]*)\))?(\?)?$/.exec(kind);
  if (!form)
    refuse(`${text}: ${kind} is no type. Write one of ${TYPES.join(', ')}, with ? behind it where it may be empty.`);
  const type = typeOf(text, form[1] ?? '');
  checkName(text, name, type);
  for (const flag of flags)
    if (!FLAGS.includes(flag))
      refuse(`${text}: there is no :${flag}. Write :unique, :filter, or ? right behind the type.`);
  if (new Set(flags).size < flags.length) refuse(`${text}: it says :${flags[0] ?? ''} twice.`);
  const field: Field = {
    name,
    column: type === 'reference' ? `${name}_id` : name,
    property: camel(type === 'reference' ? `${name}_id` : name),
    type,
    optional: form[3] !== undefined,
    unique: flags.includes('unique'),
    filter: flags.includes('filter'),
    values: type === 'enum' ? valuesOf(text, form[2]) : [],
    target: type === 'reference' ? targetOf(text, name, form[2]) : undefined,
  };
  if (type !== 'enum' && type !== 'reference' && form[2] !== undefined)
    refuse(`${text}: ${type} takes no parentheses.`);
  checkFlags(text, field);
  return field;
}

function typeOf(text: string, word: string): Type {
  const type = TYPES.find((one) => one === word);
  if (type) return type;
  const meant = OTHER_WORDS[word];
  return refuse(`${text}: there is no type ${word}. ${meant ? `Write ${meant}.` : `There are ${TYPES.join(', ')}.`}`);
}

function checkName(text: string, name: string, type: Type): void {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
    const better = snake(name);
    refuse(
      `${text}: fields are small letters with underscores${better && better !== name ? `: write ${better}` : ''}.`,
    );
  }
  if (type === 'reference' && name.endsWith('_id'))
    refuse(`${text}: the column gets its _id by itself: write ${name.slice(0, -3)}:reference(...).`);
  const column = type === 'reference' ? `${name}_id` : name;
  if (OWN_COLUMNS.includes(column)) refuse(`${text}: every record has its ${column} already: leave it out.`);
  if (OWN_PARAMETERS.includes(name)) refuse(`${text}: every list has a parameter ${name}: write another word.`);
  if (camel(column) in Object.prototype)
    refuse(`${text}: ${camel(column)} is in every object of JavaScript: say more, such as ${name}_text.`);
  if (isSqlWord(name) && type !== 'reference')
    refuse(`${text}: ${name} is a reserved word of SQL: say more, such as ${name}_text.`);
  if (name.length > 40) refuse(`${text}: ${name} is longer than 40 letters: shorten it.`);
}

function valuesOf(text: string, list: string | undefined): string[] {
  const values = (list ?? '').split('|').map((value) => value.trim());
  if (values.length < 2 || values.some((value) => !/^[a-z][a-z0-9_]{0,39}$/.test(value)))
    refuse(
      `${text}: an enum names two values or more, in small letters with underscores, as in status:enum(open|in_work|done).`,
    );
  if (new Set(values).size < values.length) refuse(`${text}: a value stands there twice.`);
  return values;
}

function targetOf(text: string, name: string, target: string | undefined): string {
  if (!target) return refuse(`${text}: say which resource it names, such as ${name}:reference(${name}).`);
  if (singularize(target) !== target && pluralize(singularize(target)) === target)
    refuse(`${text}: ${target} is a plural: write reference(${singularize(target)}).`);
  return target;
}

function checkFlags(text: string, { type, unique, filter }: Field): void {
  if (filter && !FILTERABLE.includes(type)) refuse(`${text}: ${type} cannot be filtered by: ${NO_FILTER[type] ?? ''}.`);
  if (unique && !UNIQUE.includes(type)) refuse(`${text}: ${type} cannot be unique: ${NO_UNIQUE[type] ?? ''}.`);
}

/**
 * All fields of a resource. Money brings a `currency` beside it, unless a field of that name is there.
 * @throws Refusal for two of one name, for none, and for too many
 */
export function parseFields(texts: readonly string[]): Field[] {
  const fields = texts.map(parseField);
  if (fields.length === 0) refuse('A record needs a field: name one, such as title:string.');
  if (fields.length > MOST_FIELDS)
    refuse(`${fields.length} fields: ${MOST_FIELDS} is the most. Make what belongs together a resource of its own.`);
  const seen = new Map<string, string>();
  for (const { column, property, name } of fields) {
    for (const word of new Set([column, property])) {
      if (seen.has(word)) refuse(`${name}: there are two fields ${word}: leave one out.`);
      seen.set(word, name);
    }
  }
  return withCurrency(fields);
}

function withCurrency(fields: Field[]): Field[] {
  const amounts = fields.filter(({ type }) => type === 'money');
  if (amounts.length === 0 || fields.some(({ column }) => column === 'currency')) return fields;
  const currency: Field = {
    name: 'currency',
    column: 'currency',
    property: 'currency',
    type: 'currency',
    optional: amounts.every(({ optional }) => optional),
    unique: false,
    filter: false,
    values: [],
    target: undefined,
  };
  const place = fields.findLastIndex(({ type }) => type === 'money') + 1;
  return [...fields.slice(0, place), currency, ...fields.slice(place)];
}
