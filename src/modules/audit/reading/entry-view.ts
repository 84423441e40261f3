import type { AuditChangeView, AuditEntryDetail, AuditEntryView, Columns } from './dto/responses.js';

/** A row of the log's statement: the view's members that need no work, and what the others are made of. */
export interface EntryRow extends Omit<AuditEntryView, 'seq' | 'before' | 'after' | 'address' | 'userAgent'> {
  seq: string | null;
  /** commitment (hex) to address and user agent */
  personal: string | null;
  /** in order; in a list those of the target alone */
  changes: ChangeRow[] | null;
  /** JSON by commitment, for those whose key is still there */
  openings: Record<string, string> | null;
}

interface ChangeRow extends Pick<AuditChangeView, keyof AuditChangeView> {
  /** commitment (hex) to the columns that are sealed */
  personal: string | null;
}

const ERASED = '[erased]';
type Openings = NonNullable<EntryRow['openings']>;

export function toView({ personal, openings, changes, seq, ...rest }: EntryRow): AuditEntryView {
  const opened = (changes ?? []).map((change) => open(change, openings ?? {}));
  const { address, userAgent } = (contentOf(personal, openings ?? {}) ?? {}) as {
    address?: string;
    userAgent?: string;
  };
  const own = opened.filter(({ id }) => id === rest.targetId);
  return {
    ...rest,
    seq: seq === null ? null : Number(seq),
    ...sidesOf(own),
    address: address ?? null,
    userAgent: userAgent ?? null,
  };
}

export function toDetail(row: EntryRow): AuditEntryDetail {
  const changes = (row.changes ?? []).map((change) => open(change, row.openings ?? {}));
  return Object.assign(toView(row), { changes });
}

/** A change with its names and addresses, where their key is still there. */
function open({ personal, before, after, ...rest }: ChangeRow, openings: Openings): AuditChangeView {
  if (personal === null) return { ...rest, before, after };
  const gone = { before: { personal: ERASED }, after: { personal: ERASED } };
  const clear = (contentOf(personal, openings) ?? gone) as { before: Columns | null; after: Columns | null };
  return {
    ...rest,
    before: rest.op === 'insert' ? null : { ...before, ...clear.before },
    after: rest.op === 'delete' ? null : { ...after, ...clear.after },
  };
}

function contentOf(commitment: string | null, openings: Openings): unknown {
  const value = commitment === null ? undefined : openings[commitment];
  return value === undefined ? undefined : JSON.parse(value);
}

/** What rows of one target were and are, as one. A list that only grew, or only shrank, has an empty other side. */
function sidesOf(own: AuditChangeView[]): { before: Columns | null; after: Columns | null } {
  const before = own.reduceRight<Columns | null>((later, change) => merged(change.before, later, 'first'), null);
  const after = own.reduce<Columns | null>((earlier, change) => merged(earlier, change.after, 'last'), null);
  const empty = Object.fromEntries(own.flatMap((change) => listIn(change) ?? []).map((name) => [name, []]));
  const whole = (op: AuditChangeView['op']): boolean => own.some((one) => one.op === op && !listIn(one));
  if (Object.keys(empty).length === 0) return { before, after };
  return {
    before: !before && whole('insert') ? null : { ...empty, ...before },
    after: !after && whole('delete') ? null : { ...empty, ...after },
  };
}

/** The name of the list that a row is one element of; undefined for a row that is more. */
function listIn({ before, after }: AuditChangeView): string | undefined {
  const [[name, value] = [], ...others] = Object.entries(after ?? before ?? {});
  return Array.isArray(value) && others.length === 0 ? name : undefined;
}

/** One row that changed twice was before what it was first, and is what it was last. Lists are parts of one list. */
function merged(earlier: Columns | null, later: Columns | null, winner: 'first' | 'last'): Columns | null {
  if (!earlier || !later) return earlier ?? later;
  const all: Columns = winner === 'last' ? { ...earlier, ...later } : { ...later, ...earlier };
  for (const [name, value] of Object.entries(later)) {
    const other = earlier[name];
    if (Array.isArray(other) && Array.isArray(value)) all[name] = [...(other as unknown[]), ...(value as unknown[])];
  }
  return all;
}
