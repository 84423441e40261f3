import type { FieldCode } from '../lib/field-code.ts';
import { article } from '../lib/names.ts';
import { checkIdentifier } from '../lib/working-copy.ts';
import type { Model } from './model.ts';

type Told = Pick<
  Model,
  | 'table'
  | 'resource'
  | 'manyWords'
  | 'words'
  | 'aWords'
  | 'fields'
  | 'filters'
  | 'uniques'
  | 'emails'
  | 'references'
  | 'parent'
  | 'owned'
  | 'files'
  | 'aal2'
>;

/** The migration: why, and what. */
export const migrationOf = (model: Told): { why: string; sql: string } => ({
  why: wrapped(whyOf(model)),
  sql: sqlOf(model),
});

function whyOf({ manyWords, aWords, parent, owned, references, uniques, emails, files, aal2 }: Told): string {
  const shared = parent
    ? ''
    : `${manyWords} are shared by the members of their tenant: each role's rights say what it may do with them.`;
  return [
    'Why:',
    parent &&
      `${manyWords} belong to ${article(parent.words)} ${parent.words}. Whoever does not see the ${parent.words} sees none of them, also not by a join or a count, and they go with it; which ${parent.words} it is never changes.`,
    owned ? `${parent ? 'They' : manyWords} have an owner, who says who sees them.` : shared,
    ...references.map(({ column, named, optional }) =>
      `${column} names a row of app.${named?.table ?? ''} that the writer sees${optional ? ', and is emptied when that goes.' : ', which stays for as long as it is named.'}`), // prettier-ignore
    ...uniques.map(({ words: field }) => `No two ${manyWords} of a tenant have the same ${field}.`),
    emails.length > 0 &&
      'Addresses are of people: the audit log keeps them under a key of the record, so that they can be forgotten.',
    files && `Files may hang at ${aWords}.`,
    aal2 && 'Whoever changes them has given a second factor.',
  ]
    .filter((sentence) => typeof sentence === 'string' && sentence !== '')
    .join(' ');
}

/** A line of SQL, 120 wide where it can be: broken before a clause or a literal, and indented behind the first. */
function folded(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines = [''];
  for (const part of line.split(/(?<=\S) (?=references |on |constraint |check |include |foreign key |p_\w+ =>|')/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + part.length + 1 > 120) lines.push(`${indent}  ${part}`);
    else lines[lines.length - 1] = last === '' ? part : `${last} ${part}`;
  }
  return lines.join('\n');
}

/** Lines of a comment, 120 wide. */
export function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > 117) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => ` * ${line}`).join('\n');
}

const OWNED = ['owner_id uuid not null default app.user_id()', 'owner_role_id uuid not null default app.role_id()'];

function sqlOf(model: Told): string {
  const { table, parent, owned, fields } = model;
  const columns = [
    'tenant_id uuid not null default app.tenant_id() references app.tenants (id)',
    'id uuid not null default uuidv7()',
    ...(parent ? [`${parent.column} uuid not null`] : []),
    ...(owned
      ? [
          ...OWNED,
          `visibility text not null default 'controlled'\n  constraint ${table}_visibility_check check (visibility in ('private', 'controlled', 'public'))`,
        ]
      : []),
    ...fields.map(({ sql }) => sql),
    'version integer not null default 1',
    'created_at timestamptz not null default now()',
    'updated_at timestamptz not null default now()',
    'primary key (tenant_id, id)',
    ...(owned
      ? [
          'foreign key (tenant_id, owner_id) references app.memberships (tenant_id, user_id)',
          'foreign key (tenant_id, owner_role_id) references app.roles (tenant_id, id)',
        ]
      : []),
    ...keysOf(model),
  ];
  const created = `create table app.${table} (\n${columns.map((column) => `  ${column.replaceAll('\n', '\n  ')}`).join(',\n')}\n);`;
  return [created, ...indexesOf(model), ...callsOf(model)]
    .flatMap((statement) => statement.split('\n'))
    .map((line) => folded(`      ${line}`))
    .join('\n');
}

function keysOf({ table, parent, references, uniques }: Told): string[] {
  const key = (column: string, target: string, then: string): string =>
    `constraint ${checkIdentifier(`${table}_${column}_fkey`)} foreign key (tenant_id, ${column}) references app.${target} (tenant_id, id)${then}`;
  return [
    ...(parent ? [key(parent.column, parent.table, ' on delete cascade')] : []),
    ...references.map(({ column, named, optional }) =>
      key(column, named?.table ?? '', optional ? ` on delete set null (${column})` : ''),
    ),
    ...uniques.map(
      ({ column }) => `constraint ${checkIdentifier(`${table}_${column}_key`)} unique (tenant_id, ${column})`,
    ),
  ];
}

/** Each list is the tenant's newest first: its index has the filter in front and the id behind it. */
function indexesOf({ table, parent, owned, filters, references }: Told): string[] {
  const within = parent ? `${parent.column}, ` : '';
  const index = (name: string, columns: string, included: string[]): string =>
    `create index ${checkIdentifier(name)} on app.${table} (tenant_id, ${columns}id desc)${owned ? ` include (${included.join(', ')})` : ''};`;
  const sees = ['visibility', 'owner_id', 'owner_role_id'];
  const searched = [...new Set([...filters, ...references])].filter(({ unique }) => !unique);
  return [
    ...(parent || owned ? [index(`${table}_list`, within, sees)] : []),
    ...searched.map((field) =>
      index(
        `${table}_by_${field.name}`,
        field.type === 'reference' ? `${field.column}, ` : `${within}${field.column}, `,
        sees,
      ),
    ),
    ...(owned
      ? [
          index(`${table}_by_owner`, 'owner_id, ', ['visibility', 'owner_role_id']),
          `create index ${table}_by_owner_role on app.${table} (tenant_id, owner_role_id);`,
        ]
      : []),
  ];
}

function callsOf({ table, resource, parent, owned, references, files, aal2, emails, fields }: Told): string[] {
  const own = `'app.${table}'`;
  const more = [...(aal2 ? ['p_sensitive => true'] : []), ...(parent ? [`p_fixed => '{${parent.column}}'`] : [])];
  const personal = emails.map(({ column }) => column).join(',');
  const hidden = fields.filter(tells).map(({ column }) => column);
  return [
    `call app.${owned ? 'protect_resource' : 'protect_shared_resource'}(${[own, `'${resource}'`, ...more].join(', ')});`,
    ...(parent ? [`call app.follow_parent(${own}, '${parent.column}', 'app.${parent.table}');`] : []),
    ...references.map(
      ({ column, named }) => `call app.check_reference(${own}, '${column}', 'app.${named?.table ?? ''}');`,
    ),
    ...(files ? [`call app.attach_files(${own});`] : []),
    ...(hidden.length > 0 ? [`call app.hide_statistics(${own}, '{${hidden.join(',')}}');`] : []),
    `call app.audit_table(${[own, `'${resource}'`, ...(personal ? [`p_personal => '{${personal}}'`, "p_subject => 'id'"] : [])].join(', ')});`,
  ];
}

/** An index is searched by it, so that ANALYZE would keep its values, of all tenants; and they are nobody's to guess. */
const tells = ({ type, filter, unique }: FieldCode): boolean =>
  (filter || unique) && ['string', 'integer', 'date', 'email'].includes(type);
