import type { Client } from 'pg';
import type { Stage } from './stage.js';

/** Not those that all databases of a server share: other specs make and drop theirs meanwhile. */
const CATALOGUES = `
  select c.relname as name from pg_class c where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('r', 'v') and not c.relisshared
     and has_table_privilege('ringfence_app', c.oid, 'select') and c.relname !~ '^pg_(timezone|available_extension)' order by 1`;

const FUNCTIONS = `
  select distinct p.proname as name from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and p.pronargs = 0
     and p.provolatile <> 'i' and has_function_privilege('ringfence_app', p.oid, 'execute') and not p.proretset
     and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype, 'language_handler'::regtype,
                              'index_am_handler'::regtype, 'table_am_handler'::regtype, 'fdw_handler'::regtype, 'tsm_handler'::regtype)
     and p.proname !~ '(^binary_upgrade|clock_timestamp|timeofday|random|uuid|backend_pid|^now$|_recv$|_send$)' order by 1`;

type Rows = Record<string, unknown>[];

/** All that the catalogue and the functions of the server tell somebody of A. */
export class Watch {
  private constructor(
    private readonly app: Client,
    private readonly catalogues: string[],
    private readonly functions: string[],
  ) {}

  static async of({ admin, clients }: Stage): Promise<Watch> {
    const names = async (text: string): Promise<string[]> => (await admin.query<{ name: string }>(text)).rows.map(({ name }) => name); // prettier-ignore
    return new Watch(clients.app, await names(CATALOGUES), await names(FUNCTIONS));
  }

  async look(): Promise<Map<string, string | Rows>> {
    const seen = new Map<string, string | Rows>();
    const { rows } = await this.app.query<{ row: Record<string, unknown> }>('select to_jsonb(c) as row from pg_catalog.pg_class c');
    seen.set('pg_class', rows.map(({ row }) => row));
    for (const name of this.catalogues.filter((one) => one !== 'pg_class')) {
      const sum = `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as told from pg_catalog.${name} t`;
      seen.set(name, (await this.app.query<{ told: string }>(sum)).rows[0]!.told);
    }
    for (const name of this.functions)
      seen.set(`${name}()`, await this.app.query<{ told: string }>(`select pg_catalog."${name}"()::text as told`)
        .then(({ rows }) => rows[0]!.told, (error: { code: string }) => error.code)); // prettier-ignore
    return seen;
  } // prettier-ignore

  /** @returns what differs: columns of the catalogue, and functions */
  differing(before: Map<string, string | Rows>, after: Map<string, string | Rows>): string[] {
    const found = new Set<string>();
    for (const [name, was] of before) {
      const is = after.get(name)!;
      if (JSON.stringify(was) === JSON.stringify(is)) continue;
      if (typeof was === 'string' || typeof is === 'string') found.add(name);
      else for (const column of columnsThatDiffer(was, is)) found.add(`${name}.${column}`);
    }
    return [...found].sort();
  }
}

/** Rows are the same by their oid; where one came or went, it is the whole that differs. */
function columnsThatDiffer(was: Rows, is: Rows): string[] {
  const known = new Map(was.map((row) => [row['oid'], row]));
  if (was.length !== is.length) return ['*'];
  return is.flatMap((row) => {
    const before = known.get(row['oid']);
    if (!before) return ['*'];
    return Object.keys(row).filter((column) => JSON.stringify(before[column]) !== JSON.stringify(row[column]));
  });
}
