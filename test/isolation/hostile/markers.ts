import type { Client } from 'pg';
import type { Planter } from '../../support/plant-row.js';
import type { World } from '../../support/world.js';

/** What cannot be B's by chance: ids, hashes, addresses, keys of objects, and titles with its name. */
const WORDS =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,}|[\w.+-]+@beta\.example|beta (?:owner|admin|member|viewer) \w+/gi;

/** The words by which something of B is known again, in whatever an attacker was told. */
export class Markers {
  constructor(
    private readonly tenants: ReadonlySet<string>,
    private readonly accounts: ReadonlySet<string>,
  ) {}

  /** @param reads whether it reads accounts and sessions by design, and tenants' rows alone are none of its */
  in(text: string, reads: boolean): string[] {
    const words = new Set(wordsOf(text));
    return [...words].filter((word) => this.tenants.has(word) || (!reads && this.accounts.has(word)));
  }
}

const wordsOf = (text: string): string[] => (text.match(WORDS) ?? []).map((word) => word.toLowerCase());

/** All words of B's rows that stand in no row of A's or of nobody's. */
export async function markersOf(admin: Client, planter: Planter, { a, b }: World): Promise<Markers> {
  const words = async (tables: string[], whose: (text: string) => boolean): Promise<Set<string>> => {
    const found = new Set<string>();
    for (const name of tables) {
      const { rows } = await admin.query<{ text: string }>(`select t::text as text from ${name} t`);
      for (const { text } of rows.filter((row) => whose(row.text))) for (const word of wordsOf(text)) found.add(word);
    }
    return found;
  };
  const theirs = [b.id, ...Object.values(b.users).map(({ id }) => id)];
  const isTheirs = (text: string): boolean => theirs.some((id) => text.includes(id));
  const all = [...planter.relations.values()].filter(({ kind, partitionOf }) => kind === 'r' || (kind === 'p' && !partitionOf)); // prettier-ignore
  const inSchema = (schema: string): string[] => all.filter((one) => one.schema === schema).map(({ name }) => name);
  const others = await words([...inSchema('app'), ...inSchema('auth')], (text) => text.includes(a.id) || !isTheirs(text)); // prettier-ignore
  const less = (found: Set<string>): Set<string> => new Set([...found].filter((word) => !others.has(word)));
  const tenants = less(await words(inSchema('app'), isTheirs));
  // accounts are told to the identity module, which asks by them
  for (const { id, email } of Object.values(b.users)) [id, email].forEach((word) => tenants.delete(word));
  return new Markers(tenants, less(await words([...inSchema('app'), ...inSchema('auth')], isTheirs)));
}
