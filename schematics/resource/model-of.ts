import { type FieldCode, codeOf } from '../lib/field-code.ts';
import { type Field, parseFields } from '../lib/fields.ts';
import { article, camel, type Names, namesOf, pascal } from '../lib/names.ts';
import { refuse } from '../lib/refusal.ts';
import { checkIdentifier, type WorkingCopy } from '../lib/working-copy.ts';
import { migrationOf } from './migration.ts';
import type { Model, Parent } from './model.ts';
import type { ResourceOptions } from './options.ts';

/**
 * @param copy what is there already
 * @throws Refusal with what to write instead
 */
export function modelOf(copy: WorkingCopy, options: ResourceOptions): Model {
  const names = namesOf(options.name, options.plural);
  copy.checkFree(names);
  const { parent, optionalParent } = parentsOf(copy, names, options.belongsTo);
  const given = [...(options.fields ?? []), ...(options.path ?? '').split(/[,\s]+(?![^(]*\))/).filter(Boolean)];
  const asked = parseFields([
    ...given,
    ...(optionalParent ? [`${optionalParent}:reference(${optionalParent})?:filter`] : []),
  ]);
  checkFields(asked, parent, names);
  const fields = asked.map((field) =>
    codeOf(field, names, field.target === undefined ? undefined : copy.find(field.target, `${field.name}:reference`)),
  );
  checkConstants(fields);
  const model = {
    ...names,
    ...chosen(fields),
    fields,
    parent,
    ...flags(options),
    ...numbered(copy, names),
    ...routes(names, parent),
  };
  return { ...model, ...declared(model), ...migrationOf(model) };
}

const flags = ({ visibility = false, files = false, aal2Writes = false }: ResourceOptions) =>
  ({ owned: visibility, files, aal2: aal2Writes }) as const;

const chosen = (fields: FieldCode[]) => ({
  filters: fields.filter(({ filter }) => filter),
  uniques: fields.filter(({ unique }) => unique),
  enums: fields.filter(({ type }) => type === 'enum'),
  emails: fields.filter(({ type }) => type === 'email'),
  references: fields.filter(({ type }) => type === 'reference'),
});

function parentsOf(
  copy: WorkingCopy,
  names: Names,
  belongsTo: string | undefined,
): { parent?: Parent; optionalParent?: string } {
  if (belongsTo === undefined) return {};
  const name = belongsTo.replace(/\?$/, '');
  if (name === names.resource) refuse(`${name} cannot belong to itself.`);
  const found = copy.find(name, '--belongs-to');
  if (belongsTo.endsWith('?')) return { optionalParent: name };
  if (found.parent)
    refuse(
      `--belongs-to ${name}: it belongs to ${found.parent.table} itself, and paths are two deep at most. Let it belong to what that belongs to, and name ${name} with ${name}:reference(${name}).`,
    );
  if (!found.path) return refuse(`--belongs-to ${name}: the path of src/modules/${found.folder ?? ''} is not found.`);
  const parent: Parent = {
    ...found,
    ...{
      column: `${name}_id`,
      property: camel(`${name}_id`),
      words: name.replaceAll('_', ' '),
      Class: pascal(name),
      path: found.path,
    },
  };
  return { parent };
}

function checkFields(fields: Field[], parent: Parent | undefined, names: Names): void {
  for (const { name, property, column } of fields) {
    if (column === parent?.column) refuse(`${name}: --belongs-to brings ${column} already: leave it out.`);
    if (property === names.one)
      refuse(`${name}: a field with the name of its record: say what of it, such as ${name}_name.`);
    checkIdentifier(`d_${column}_changed`);
    checkIdentifier(`${names.table}_by_${column}`);
  }
}

/** A list of values is named by the plural, which `status` and `statuses` share. */
function checkConstants(fields: readonly FieldCode[]): void {
  const seen = new Map<string, string>();
  for (const { name, type, constant } of fields) {
    if (type !== 'enum') continue;
    const other = seen.get(constant);
    if (other !== undefined) refuse(`${other} and ${name} would both be ${constant}: give one another name.`);
    seen.set(constant, name);
  }
}

function numbered(copy: WorkingCopy, { table, Classes, folder }: Names) {
  const number = String(copy.nextNumber).padStart(4, '0');
  checkIdentifier(`${table}_owner_role_id_fkey`);
  return {
    number,
    migrationClass: `Create${Classes}${String(1_764_000_000_000 + copy.nextNumber)}`,
    migrationFile: `${number}-create-${folder}.ts`,
  };
}

/** `comments` of `ticket_comments` below tickets: a path does not say twice what it is about. */
function routes({ table, folder }: Names, parent: Parent | undefined): { route: string; location: string } {
  if (!parent) return { route: `v1/${folder}`, location: `/v1/${folder}` };
  const start = `${parent.resource}_`;
  const segment = (table.startsWith(start) ? table.slice(start.length) : table).replaceAll('_', '-');
  return {
    route: `${parent.path.slice(1)}/:${parent.property}/${segment}`,
    location: `${parent.path}/\${${parent.property}}/${segment}`,
  };
}

function declared({ manyWords, parent, owned, fields }: Pick<Model, 'manyWords' | 'parent' | 'owned' | 'fields'>) {
  const Many = manyWords.charAt(0).toUpperCase() + manyWords.slice(1);
  const whose = owned ? 'Each has an owner, who says who sees it.' : 'All members of the tenant share them.';
  return {
    tag: Many,
    about: parent
      ? `${Many}: each belongs to ${article(parent.words)} ${parent.words}, and is seen by whoever sees that.`
      : `${Many}. ${whose}`,
    refersTo: [...new Set([...(parent ? [parent.resource] : []), ...fields.flatMap(({ target }) => target ?? [])])],
    columns: [
      'tenant_id',
      'id',
      ...(owned ? ['owner_id', 'owner_role_id', 'visibility'] : []),
      'version',
      'created_at',
      'updated_at',
      ...(parent ? [parent.column] : []),
      ...fields.map(({ column }) => column),
    ],
  };
}
