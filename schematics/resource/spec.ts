import type { FieldCode } from '../lib/field-code.ts';
import type { Model } from './model.ts';

/** Pieces of the spec of a resource. */
export const specOf = (model: Model) => ({
  body: bodyOf(model),
  stored: storedOf(model),
  bad: badOf(model),
  unitBody: unitBodyOf(model),
  path: pathOf(model),
  unique: model.uniques[0],
  emptied: model.fields.find(({ optional, type }) => optional && type !== 'currency'),
  reference: model.references[0],
  changed: changedOf(model),
  filtered: filteredOf(model),
  usesTenant: model.parent !== undefined || bodyOf(model).some((line) => line.includes('tenant')),
});

/** A filter whose value one record has and another value has not. */
function filteredOf({ filters }: Model): (FieldCode & { sought: string; other: string }) | undefined {
  const field =
    filters.find(({ unique, type }) => !unique && type !== 'reference') ?? filters.find((one) => !one.unique);
  if (!field) return undefined;
  if (field.type !== 'reference') return { ...field, sought: field.samples.first, other: field.samples.second };
  return { ...field, sought: `await stage.plant('app.${field.named?.table ?? ''}', a)`, other: 'randomUUID()' };
}

/** A value that is accepted once more: what has to be unique differs each time. */
function accepted({ type, unique, samples, named, optional }: FieldCode): string | undefined {
  if (type === 'reference') return optional ? undefined : `await stage.plant('app.${named?.table ?? ''}', tenant)`;
  if (!unique) return samples.first;
  if (type === 'integer') return 'made';
  if (type === 'date') return 'new Date(Date.UTC(2026, 0, made)).toISOString().slice(0, 10)';
  if (type === 'email') return '`ada.${made}@acme.example`';
  return `\`${samples.first.slice(1, -1)}-\${made}\``;
}

const bodyOf = ({ fields }: Model): string[] =>
  fields.flatMap((field) => {
    const value = accepted(field);
    return value === undefined ? [] : [`${field.property}: ${value}`];
  });

/** What comes back as it was sent. */
const storedOf = ({ uniques, owned }: Model) => ({ counts: uniques.length > 0, owned });

const unitBodyOf = ({ fields }: Model): string[] =>
  fields.map(({ property, samples, type }) => `${property}: ${type === 'reference' ? 'randomUUID()' : samples.first}`);

const badOf = ({ fields }: Model): string[] => [
  ...fields.map(({ property, samples }) => `['${property}', ${samples.bad}]`),
  ...fields.filter(({ optional }) => !optional).map(({ property }) => `['${property}', null]`),
];

const pathOf = ({ parent, location }: Model): string => (parent ? `\`${location}\`` : `'${location}'`);

/** A change, and what it makes of the field. */
function changedOf({ fields }: Model): { property: string; value: string; column: string } {
  const field = fields.find(({ type, unique }) => type !== 'reference' && !unique) ?? fields[0];
  if (!field) throw new Error('a resource has a field');
  const { property, column, type, samples, unique } = field;
  if (type === 'reference')
    return { property, column, value: `await stage.plant('app.${field.named?.table ?? ''}', a)` };
  if (unique && type === 'integer') return { property, column, value: '1_000_000' };
  return { property, column, value: samples.second };
}
