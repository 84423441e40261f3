import { pluralize } from 'inflection';
import type { Field } from './fields.ts';
import { article, type Names, pascal } from './names.ts';
import { type Samples, samplesOf } from './samples.ts';
import { checkIdentifier, type KnownResource } from './working-copy.ts';

/** A field as it stands in each of the files. */
export interface FieldCode extends Field {
  samples: Samples;
  /** of an enum: its list and its type */
  constant: string;
  enumType: string;
  /** in TypeScript, without null */
  ts: string;
  /** with null where it may be empty */
  tsOrNull: string;
  /** the class that decorates it, for the import */
  decorator: string;
  parameterDecorator: string;
  /** column of the migration, and of the entity */
  sql: string;
  entity: string;
  entityType: string;
  create: string;
  change: string;
  parameter: string;
  view: string;
  /** an expression of the demo */
  demo: string;
  /** the resource that it names */
  named: KnownResource | undefined;
  words: string;
}

const INT = 2_147_483_647;

const TS: Partial<Record<Field['type'], string>> = { integer: 'number', boolean: 'boolean' };
const DECORATORS: Readonly<Record<Field['type'], string>> = {
  string: 'TextField', text: 'TextField', integer: 'WholeNumberField', money: 'MoneyField', boolean: 'BooleanField',
  date: 'DateField', timestamp: 'TimeField', enum: 'ChoiceField', email: 'EmailField', url: 'UrlField', reference: 'UuidField', currency: 'CurrencyField',
}; // prettier-ignore
const PARAMETERS: Partial<Record<Field['type'], string>> = {
  integer: 'WholeNumberParameter',
  boolean: 'BooleanParameter',
};
const SQL_TYPES: Readonly<Record<Field['type'], string>> = {
  string: 'text', text: 'text', integer: 'integer', money: 'numeric(18, 2)', boolean: 'boolean', date: 'date',
  timestamp: 'timestamptz', enum: 'text', email: 'text', url: 'text', reference: 'uuid', currency: 'text',
}; // prettier-ignore
const ENTITY_TYPES: Partial<Record<Field['type'], string>> = { integer: 'int', money: 'numeric' };

export function codeOf(field: Field, names: Names, named: KnownResource | undefined): FieldCode {
  const { type, property, column, optional } = field;
  const constant = `${names.resource}_${pluralize(field.name)}`.toUpperCase();
  const enumType = `${names.Class}${pascal(field.name)}`;
  const samples = samplesOf(field, names, constant);
  const ts = type === 'enum' ? enumType : (TS[type] ?? 'string');
  const tsOrNull = optional ? `${ts} | null` : ts;
  const entityOptions = [
    ...(column === property ? [] : [`name: '${column}'`]),
    `type: '${ENTITY_TYPES[type] ?? SQL_TYPES[type]}'`,
  ].join(', ');
  const entityType = type === 'timestamp' ? (optional ? 'Date | null' : 'Date') : tsOrNull;
  const code = { ...field, samples, constant, enumType, ts, tsOrNull, named };
  return {
    ...code,
    words: field.name.replaceAll('_', ' '),
    decorator: DECORATORS[type],
    parameterDecorator: PARAMETERS[type] ?? DECORATORS[type],
    sql: sqlOf(field, names.table),
    entityType,
    entity: `${type === 'money' ? '/** decimal text, two places */\n  ' : ''}@Column({ ${entityOptions} })\n  ${property}!: ${entityType};`,
    create: `${decorated(code, optional ? ['optional: true', 'nullable: true'] : [], true)}\n  ${property}${optional ? '?' : '!'}: ${tsOrNull};`,
    change: `${decorated(code, optional ? ['optional: true', 'nullable: true'] : ['optional: true'], false)}\n  ${property}?: ${tsOrNull};`,
    parameter: `${parameterOf(code)}\n  ${property}?: ${ts};`,
    view: viewOf(code),
    demo: `${column}: ${optional ? `n % 3 === 0 ? null : ${samples.demo}` : samples.demo}`,
  };
}

type Half = Field & Pick<FieldCode, 'samples' | 'constant' | 'ts' | 'tsOrNull' | 'named'>;

function decorated(field: Half, more: string[], shown: boolean): string {
  const example = shown && !['enum', 'reference'].includes(field.type) ? [`example: ${field.samples.first}`] : [];
  const meant = shown && field.type === 'reference' ? [`description: ${meaningOf(field)}`] : [];
  return call(DECORATORS[field.type], field, [...boundsOf(field), ...more, ...meant, ...example]);
}

function parameterOf(field: Half): string {
  const options = [...boundsOf(field), 'optional: true', `description: 'Only those ${whichOf(field)}.'`];
  return call(PARAMETERS[field.type] ?? DECORATORS[field.type], field, options);
}

/** What a filter leaves: `with this status`, `of this project`, `due on this day`. */
function whichOf({ name, type }: Field): string {
  const words = name.replaceAll('_', ' ');
  if (type === 'boolean') return `where ${words} is true, or false`;
  if (type === 'reference') return `of this ${words}`;
  return type === 'date' && words.endsWith(' on') ? `${words} this day` : `with this ${words}`;
}

function call(decorator: string, { type, constant }: Half, options: string[]): string {
  const object = options.length > 0 ? [`{ ${options.join(', ')} }`] : [];
  return `@${decorator}(${[...(type === 'enum' ? [constant] : []), ...object].join(', ')})`;
}

const boundsOf = ({ type }: Field): string[] => {
  if (type === 'string') return ['max: 200'];
  if (type === 'text') return ['max: 20_000'];
  return type === 'integer' ? [`min: ${-INT - 1}`, `max: ${INT}`] : [];
};

function meaningOf({ target = '', optional }: Field): string {
  const words = target.replaceAll('_', ' ');
  return `'${article(words) === 'an' ? 'An' : 'A'} ${words} that one sees${optional ? '; null: none' : ''}.'`;
}

function viewOf(field: Half): string {
  const { type, property, samples, constant, tsOrNull, optional, ts } = field;
  const kind: Partial<Record<Field['type'], string>> = {
    enum: `enum: ${constant}`, reference: "format: 'uuid'", date: "format: 'date'", timestamp: "format: 'date-time'", integer: "type: 'integer'",
  }; // prettier-ignore
  const options = [
    ...(optional && !['enum', 'integer'].includes(type) ? [`type: ${ts.charAt(0).toUpperCase()}${ts.slice(1)}`] : []),
    ...(kind[type] ? [kind[type]] : []),
    ...(optional ? ['nullable: true'] : []),
    ...(['enum', 'reference', 'timestamp'].includes(type) ? [] : [`example: ${samples.first}`]),
    ...(type === 'money' ? ["description: 'Decimal text, two places.'"] : []),
  ];
  return `@ApiProperty({ ${options.join(', ')} }) ${property}!: ${tsOrNull};`;
}

function sqlOf(field: Field, table: string): string {
  const { column, type, optional } = field;
  const check = checkOf(field);
  const named = check ? ` constraint ${checkIdentifier(`${table}_${column}_check`)} check (${check})` : '';
  return `${column} ${SQL_TYPES[type]}${optional ? '' : ' not null'}${named}`;
}

function checkOf({ type, column, values }: Field): string | undefined {
  switch (type) {
    case 'string':
      return `length(${column}) between 1 and 200`;
    case 'text':
      return `length(${column}) between 1 and 20000`;
    case 'money':
      return `${column} >= 0`;
    case 'enum':
      return `${column} in (${values.map((value) => `'${value}'`).join(', ')})`;
    case 'currency':
      return `${column} ~ '^[A-Z]{3}$'`;
    case 'email':
      return `${column} is not distinct from app.canonical_email(${column})`;
    case 'url':
      return `length(${column}) between 8 and 2000`;
    default:
      return undefined;
  }
}
