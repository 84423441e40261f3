import type { Base, Change } from '../../fuzz/cases.js';
import type { Operation } from '../../fuzz/operations.js';
import type { Kind, Kinds } from './kinds.js';
import { type IdPlace, idPlacesOf, withId } from './places.js';
import { ofNothing, type Victim } from './victim.js';

/** A request to be sent twice: with what belongs to the victim, and with what belongs to nobody. */
export interface ForeignCase {
  what: string;
  /** of nothing, and of the victim */
  ids: [none: string, foreign: string];
  change: (base: Base, id: string) => Change;
  /** of a kind that the place does not take: one role says enough */
  isOdd?: true;
}

const CONDITIONS = ['if-match', 'if-none-match'];

/**
 * Each id that the request carries, replaced by the victim's of the kind that the place takes.
 * @param everyKind and of every other kind, too
 * @returns places of which the kind is not known, beside them
 */
export async function foreignCases(
  operation: Operation,
  kinds: Kinds,
  victim: Victim,
  everyKind = false,
): Promise<{ cases: ForeignCase[]; unknown: string[] }> {
  const cases: ForeignCase[] = [];
  const unknown: string[] = [];
  for (const place of idPlacesOf(operation)) {
    const taken = kinds.of(operation, place);
    const where = `${operation.id}: ${place.in} ${place.way.join('.')}`;
    if (!taken) unknown.push(where);
    for (const kind of taken ?? []) cases.push(...(await casesOf({ operation, place, where }, kind, victim)));
    if (everyKind) cases.push(...(await oddCases({ place, where }, kinds, victim, taken ?? [])));
  }
  return { cases, unknown };
}

interface At {
  operation: Operation;
  place: IdPlace;
  /** for people */
  where: string;
}

/** With the victim's id, and with its ETag beside it, where the operation asks for one. */
async function casesOf(
  { operation, place, where }: At,
  { column, type }: Kind,
  victim: Victim,
): Promise<ForeignCase[]> {
  const id = await victim.id(column);
  const ids: [string, string] = [ofNothing(id), id];
  const what = `${where}, an id of ${column}`;
  const change = (base: Base, given: string): Change => withId(base, place, given, type);
  const { version } = await victim.row(column.slice(0, column.lastIndexOf('.')));
  const asks = operation.parameters.filter(({ name }) => CONDITIONS.includes(name.toLowerCase()));
  const conditions = place.in === 'path' && version ? asks : [];
  return [
    { what, ids, change },
    ...conditions.map(({ name }) => ({
      what: `${what}, with its ETag in ${name}`,
      ids,
      change: (base: Base, given: string): Change => ({ ...change(base, given), headers: [[name, `"v${version}"`]] }),
    })),
  ];
}

/** Ids of every other kind. */
async function oddCases(
  { place, where }: Omit<At, 'operation'>,
  kinds: Kinds,
  victim: Victim,
  taken: readonly Kind[],
): Promise<ForeignCase[]> {
  const others = kinds.all().filter(({ column }) => !taken.some((one) => one.column === column));
  const cases: ForeignCase[] = [];
  for (const { column } of others) {
    const id = await victim.id(column);
    cases.push({
      what: `${where}, an id of ${column}`,
      ids: [ofNothing(id), id],
      change: (base, given) => withId(base, place, given, taken[0]?.type),
      isOdd: true,
    });
  }
  return cases;
}
