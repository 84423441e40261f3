import type { Client } from 'pg';
import { type StandardRole } from '../../src/route/index.js';

/*
 * What the standard roles may do with a kind of record, as lines of the matrix: made from what the kind says of itself in
 * auth.resources and auth.permissions, and from what the document asks of its routes.
 */

export const RANKS: readonly StandardRole[] = ['owner', 'admin', 'member', 'viewer'];
export const VERBS = ['select', 'insert', 'update', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

export interface Kind {
  resource: string;
  table: string;
  owned: boolean;
  /** by verb: the least role that holds the permission; null where there is no such permission */
  from: Record<Verb, StandardRole | null>;
  /** whose records it belongs to: who does not see them sees none of it */
  parent: string | null;
  /** what asks for AAL2 */
  sensitive: readonly Verb[];
}

const WORD: Record<Verb, string> = { select: 'read', insert: 'create', update: 'update', delete: 'delete' };
const FOREIGN = 4;

/** @param document the OpenAPI document: a route that asks for AAL2 has a table that does */
export async function kindsOf(admin: Client, document: Record<string, any>): Promise<Kind[]> {
  const { rows } = await admin.query<Pick<Kind, 'resource' | 'table' | 'owned' | 'parent'> & { policies: string[] }>(
    `select r.resource, r.relation::text as table, r.owned, r.parent::text,
            array(select p.polcmd::text from pg_policy p where p.polrelid = r.relation and not p.polpermissive
                     and concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ~ 'app\\.aal') as policies
       from auth.resources r order by 1`,
  );
  const { rows: codes } = await admin.query<{ code: string; role: StandardRole }>(
    'select code, standard_role as role from auth.permissions',
  );
  const operations = Object.values<Record<string, any>>(document['paths']).flatMap((item) => Object.values<any>(item));
  return rows.map(({ resource, table, owned, parent, policies }) => {
    const code = (verb: Verb): string => `${resource}:${WORD[verb]}`;
    const asked = (verb: Verb): boolean =>
      policies.some((command) => command === '*' || command === { select: 'r', insert: 'a', update: 'w', delete: 'd' }[verb]) ||
      operations.some((one) => one['x-permission'] === code(verb) && one['x-aal'] === 'aal2');
    return {
      resource,
      table,
      owned,
      parent,
      from: Object.fromEntries(VERBS.map((verb) => [verb, codes.find((one) => one.code === code(verb))?.role ?? null])) as Kind['from'],
      sensitive: VERBS.filter(asked),
    };
  }); // prettier-ignore
}

const holds = (role: StandardRole, from: StandardRole | null): boolean =>
  from !== null && RANKS.indexOf(role) <= RANKS.indexOf(from);

/** The lines of a kind, as the hand-written ones stand. */
export function linesOf({ owned, from, sensitive }: Kind, aal: 1 | 2): string[] {
  return VERBS.flatMap((verb) =>
    RANKS.map((role) => {
      const sure = aal === 2 || !sensitive.includes(verb);
      const may = sure && holds(role, from[verb]) && (verb === 'insert' || holds(role, from.select));
      const groups = owned ? [0, 1, 2, 3, FOREIGN].map((group) => ownedGroup(role, verb, group, may)) : sharedGroups(verb, may); // prettier-ignore
      return [role, verb, ...groups].join(' ');
    }),
  );
}

const sharedGroups = (verb: Verb, may: boolean): string[] =>
  verb === 'insert' ? [may ? '+' : 'x', 'x'] : [may ? '+' : '-', '-'];

/** Whose the row is: one's own, of a role below, the same, above, another tenant's; private, controlled and public. */
function ownedGroup(role: StandardRole, verb: Verb, group: number, may: boolean): string {
  const rank = RANKS.indexOf(role) + [0, 1, 0, -1, 0][group]!;
  if (!RANKS[rank]) return '...';
  if (verb === 'insert') return may && group === 0 ? '+++' : 'xxx';
  return may ? ['+++', '-++', '--+', '--+', '---'][group]! : '---';
}
