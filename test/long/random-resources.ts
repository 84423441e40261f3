import fc from 'fast-check';

/** A resource as it is asked for on the command line. */
export interface Asked {
  name: string;
  plural: string;
  args: string[];
}

const NAMES: readonly (readonly [string, string])[] = [
  ['invoice', 'invoices'],
  ['delivery_note', 'delivery_notes'],
  ['company', 'companies'],
  ['asset', 'assets'],
  ['supply_contract', 'supply_contracts'],
  ['visit', 'visits'],
];

const TYPES = {
  string: ['label', 'city', 'batch_number'],
  text: ['summary', 'terms'],
  integer: ['seats', 'weight_grams'],
  money: ['total', 'deposit'],
  boolean: ['paid', 'fragile'],
  date: ['due_on', 'signed_on'],
  timestamp: ['arrives_at', 'checked_at'],
  'enum(open|in_work|done)': ['stage', 'phase'],
  email: ['contact', 'sender'],
  url: ['site', 'proof_page'],
} as const;
type Kind = keyof typeof TYPES;

const FILTERED: readonly Kind[] = ['string', 'integer', 'boolean', 'date', 'enum(open|in_work|done)', 'email'];
const UNIQUE: readonly Kind[] = ['string', 'integer', 'date', 'email'];

/** Three resources in which every type and every flag occurs, and the second and third name others. */
export function randomResources(seed: number): Asked[] {
  const draw = <T>(arbitrary: fc.Arbitrary<T>): T =>
    fc.sample(arbitrary, { seed: seed + (drawn += 1), numRuns: 1 })[0] as T;
  let drawn = 0;
  const shuffled = <T>(items: readonly T[]): T[] => draw(fc.shuffledSubarray([...items], { minLength: items.length }));
  const [one, two, three] = shuffled(NAMES) as [[string, string], [string, string], [string, string]];
  const kinds = shuffled(Object.keys(TYPES) as Kind[]);
  const [filtered, unique, emptied] = [shuffled(FILTERED)[0], shuffled(UNIQUE)[0], shuffled(kinds)[0]];
  const field = (kind: Kind, must: boolean): string => {
    const name = shuffled(TYPES[kind])[0] ?? '';
    const optional = (must && kind === emptied) || draw(fc.boolean()) ? '?' : '';
    const marks = [
      ...((must && kind === unique) || (UNIQUE.includes(kind) && draw(fc.nat(3)) === 0) ? [':unique'] : []),
      ...((must && kind === filtered) || (FILTERED.includes(kind) && draw(fc.boolean())) ? [':filter'] : []),
    ];
    return `${name}:${kind}${optional}${marks.join('')}`;
  };
  const fields = [kinds.slice(0, 4), kinds.slice(4, 7), kinds.slice(7)].map((of) =>
    of.map((kind) => field(kind, true)),
  );
  const flags = shuffled(['--visibility', '--files', '--aal2-writes']);
  const parent = draw(fc.constantFrom('deal', one[0]));
  const loose = draw(fc.constantFrom('deal', 'project'));
  return [
    { name: one[0], plural: one[1], args: [...(fields[0] ?? []), '--belongs-to', `${loose}?`, flags[0] ?? ''] },
    { name: two[0], plural: two[1], args: [...(fields[1] ?? []), '--belongs-to', parent, ...flags.slice(1)] },
    {
      name: three[0],
      plural: three[1],
      args: [
        ...(fields[2] ?? []),
        `cause:reference(${two[0]})${draw(fc.boolean()) ? '?' : ''}:filter`,
        `origin:reference(${one[0]})${draw(fc.boolean()) ? '?' : ''}`,
        ...shuffled(flags).slice(0, draw(fc.nat(3))),
      ],
    },
  ];
}
