import type { Tenant } from '../../support/world.js';

/** A role that some part of Ringfence signs in as. */
export type Login = 'app' | 'auth' | 'service';

/** What an attacker in tenant A may know: everything of A, and of B ids and hashes, but no live secret. */
export interface Target {
  a: Tenant;
  b: Tenant;
  /** the secret of A's own capability */
  cap: string;
  /** SHA-256 of the secret of a live capability of B, as `auth.capabilities` holds it, in hex */
  theirHash: string;
  /** a row of B in each table that has rows of tenants, by the table's name */
  theirs: Record<string, Record<string, string | null>>;
}

/** One attempt in a transaction of tenant A. What it is told names nothing of B, and B is afterwards as it was before. */
export interface Attack {
  /** sent one after the other; the last one is the attack */
  steps: string[];
  /**
   * What has to come of it as ringfence_app. `refused`: an error with one of `codes`; `nothing`: no row; `own`: whatever A
   * may see and do; `alike`: the same, word for word, as the statement of `twin` gets.
   */
  must: 'refused' | 'nothing' | 'own' | 'alike';
  codes?: string[];
  /** the same attempt at what never existed; which of its words stand for which is in `differ` */
  twin?: string[];
  /** what the attempt says and its twin says in its place */
  differ?: [string, string];
  /** what A did to A is taken back: others of the group need A's rows */
  undone?: boolean;
  /** the one login that it says something of: others may do it by design */
  only?: Login;
}

export type Group = (target: Target) => Attack[];

/** An array: statements that lead there, and the attack. */
type Sql = string | string[];
const steps = (sql: Sql): string[] => (typeof sql === 'string' ? [sql] : sql);

export const refused = (sql: Sql, ...codes: string[]): Attack => ({
  steps: steps(sql),
  must: 'refused',
  codes: codes.length > 0 ? codes : ['42501'],
});
export const nothing = (sql: Sql): Attack => ({ steps: steps(sql), must: 'nothing' });
export const own = (sql: Sql): Attack => ({ steps: steps(sql), must: 'own' });
/** Refused to requests; the identity module works with accounts, sessions and locks. */
export const closed = (sql: Sql, ...codes: string[]): Attack => ({ ...refused(sql, ...codes), only: 'app' });
/** It may change what is A's, and is rolled back. */
export const undone = (sql: Sql): Attack => ({ ...own(sql), undone: true });

/** The attempt at something of B, and the same at what never existed. Rolled back, so that both find the same. */
export const alike = (sql: (value: string) => Sql, theirs: string, never: string): Attack => ({
  steps: steps(sql(theirs)),
  must: 'alike',
  twin: steps(sql(never)),
  differ: [theirs, never],
  undone: true,
});

export const literal = (value: string | null): string => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);

/** An id that nothing has. */
export const NEVER = '01a1fd04-0000-7000-8000-000000000000';
