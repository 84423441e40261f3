import type { FieldCode } from '../lib/field-code.ts';
import { article } from '../lib/names.ts';
import type { Model } from './model.ts';

const DEMO_ROWS = 12;

/** What the templates need besides the model: pieces of code that are put together of several facts. */
export const snippetsOf = (model: Model) => ({
  actions: actionsOf(model),
  sorted: (names: string[]): string => names.sort((one, other) => one.localeCompare(other)).join(', '),
  listQuery: model.filters.length > 0 || model.owned ? `List${model.Classes}Query` : 'PageQuery',
  listed: listedOf(model),
  parentWords: model.parent ? `${article(model.parent.words)} ${model.parent.words}` : '',
  shown: shownOf(model),
  requestImports: requestImportsOf(model),
  ...pathsOf(model),
  listBody: listBodyOf(model),
  ...demoOf(model),
});

/** What a list has: `comments of a ticket`, where they are ticket comments. */
function listedOf({ manyWords, parent, owned }: Model): string {
  if (!parent) return owned ? `${manyWords} that one sees` : manyWords;
  const start = `${parent.words} `;
  const short = manyWords.startsWith(start) ? manyWords.slice(start.length) : manyWords;
  return `${short} of ${article(parent.words)} ${parent.words}`;
}

/** The field that examples of a change show: one that needs no other record. */
const shownOf = ({ fields }: Model): FieldCode =>
  (fields.find(({ type, unique }) => type !== 'reference' && !unique) ??
    fields.find(({ type }) => type !== 'reference') ??
    fields[0]) as FieldCode; // there is one: a resource without fields is refused

export function actionsOf({ aWords, owned }: Pick<Model, 'aWords' | 'owned'>): [verb: string, text: string][] {
  return [
    ['created', `Made ${aWords}`],
    ['updated', `Changed fields of ${aWords}`],
    ['deleted', `Deleted ${aWords}`],
    ...(owned ? [['transferred', `Handed ${aWords} over to another member`] as [string, string]] : []),
  ];
}

function requestImportsOf({ fields, filters, owned }: Model): string[] {
  return [
    ...new Set([
      ...fields.map(({ decorator }) => decorator),
      ...filters.map(({ parameterDecorator }) => parameterDecorator),
      ...(filters.length > 0 || owned ? ['PageQuery'] : []),
      ...(owned ? ['type Visibility', 'VisibilityField'] : []),
      'UuidField',
    ]),
  ].sort((one, other) => one.replace('type ', '').localeCompare(other.replace('type ', '')));
}

/** How a service is told which record is meant. */
function pathsOf({ parent, resource, Class }: Model) {
  if (!parent)
    return {
      idParameter: 'id: string',
      idWithin: 'id',
      pathParameter: 'id: string',
      pathId: 'id',
      pathWithin: '',
      refusing: (action: string): string => `refusals.refuse('${resource}', '${action}', id)`,
    };
  return {
    idParameter: `{ ${parent.property}, id }: ${Class}Path`,
    idWithin: `id, { ${parent.property} }`,
    pathParameter: `path: ${Class}Path`,
    pathId: 'path.id',
    pathWithin: `, { ${parent.property}: path.${parent.property} }`,
    refusing: (action: string): string => `refuse('${action}', path)`,
  };
}

function listBodyOf({ filters, owned, parent, many, table }: Model): string {
  const asked = [...filters.map(({ property }) => property), ...(owned ? ['ownerId'] : [])];
  const parts = [
    ...(parent ? [parent.property] : []),
    ...filters.map(({ property, type }) =>
      type === 'email' ? `${property}: ${property} && canonicalEmail(${property})` : property,
    ),
    ...(owned ? ['ownerId'] : []),
  ];
  return [
    ...(asked.length > 0 ? [`const { ${asked.join(', ')} } = query;`] : []),
    ...(parts.length > 0 ? [`const filter = { ${parts.join(', ')} };`] : []),
    `return this.cursors.page(
      query,
      newestFirst(this.context, '${table}', ${parts.length > 0 ? 'filter' : '{}'}),
      (limit, before) => this.${many}.list(${parts.length > 0 ? 'filter' : '{}'}, limit, before),
      ({ id }) => id,
    );`,
  ]
    .map((line) => `    ${line}`)
    .join('\n');
}

function demoOf({ fields, parent, owned }: Model) {
  const row = [
    ...(parent ? [`${parent.column}: idOf('${parent.resource}', n)`] : []),
    ...fields.map(({ demo }) => demo),
    ...(owned ? ['visibility: DEMO_VISIBILITIES[Math.floor(n / 3) % DEMO_VISIBILITIES.length]'] : []),
  ];
  const uses = (call: string): boolean => row.some((line) => line.includes(call));
  const here = ['goods', 'customers', 'idOf'].filter((name) => uses(`${name}[`) || uses(`${name}(`));
  const usesN = row.some((line) => /\bn\b/.test(line));
  const args = here.length > 0 ? `n, { ${here.join(', ')} }` : usesN ? 'n' : '';
  return { demoCount: DEMO_ROWS, demoRow: row, demoArguments: args };
}
