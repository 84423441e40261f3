import type { Client, DatabaseError } from 'pg';
import { type Column, type ForeignKey, type Relation, relationsOf, tenantColumnOf } from './catalogue.js';
import { OVERRIDES, type Override } from './plant-overrides.js';
import { candidates, type Row } from './plant-values.js';

const TRIES = 200;
/** of a column, where several are tried together */
const MOST_VALUES = 4;
const LEFT_OUT = -1;
const DEPTH = 6;
const CHECK_VIOLATION = '23514';

/** Which of the values that are possible an attempt takes, and whether its parents are new. */
interface Turn {
  fresh: boolean;
  /** by column: the place in its list of candidates */
  places: Map<string, number>;
}

/**
 * Plants valid rows in tables that it knows from the catalogue alone: columns, types, defaults, CHECKs and foreign keys, whose
 * parents are found or planted in the same tenant. Works as the superuser, whom no policy binds; every trigger fires.
 */
export class Planter {
  private constructor(
    private readonly admin: Client,
    readonly relations: ReadonlyMap<string, Relation>,
    private readonly overrides: Readonly<Record<string, Override>>,
  ) {}

  static async of(admin: Client, overrides = OVERRIDES): Promise<Planter> {
    return new Planter(admin, await relationsOf(admin), overrides);
  }

  /** A row of the tenant that is there, or else a new one. */
  async ensure(name: string, tenantId: string): Promise<Row> {
    return (await this.found(this.relation(name), tenantId)) ?? (await this.plant(name, tenantId));
  }

  /**
   * A new row, as it stands in the table.
   * @param given values that are to be taken as they are
   * @throws Error saying what the catalogue does not tell, for which an override is needed
   */
  plant(name: string, tenantId: string, given: Row = {}): Promise<Row> {
    return this.atomically('release', () => this.made(this.relation(name), tenantId, given, 0));
  }

  /** A row as it could be planted, and is not. */
  valid(name: string, tenantId: string, given: Row = {}): Promise<Row> {
    return this.atomically('rollback', () => this.made(this.relation(name), tenantId, given, 0));
  }

  private relation(name: string): Relation {
    const found = this.relations.get(name);
    if (!found) throw new Error(`there is no relation ${name}`);
    return found;
  }

  private async atomically<T>(end: 'release' | 'rollback', work: () => Promise<T>): Promise<T> {
    await this.admin.query('begin');
    try {
      const done = await work();
      await this.admin.query(end === 'release' ? 'commit' : 'rollback');
      return done;
    } catch (error) {
      await this.admin.query('rollback');
      throw error;
    }
  }

  private async made(table: Relation, tenantId: string, given: Row, depth: number): Promise<Row> {
    if (depth > DEPTH) throw new Error(`${table.name}: its foreign keys lead too deep`);
    const turn: Turn = { fresh: false, places: new Map() };
    for (let tries = 0; ; tries += 1) {
      const row = await this.drawn(table, tenantId, given, { turn, depth });
      const came = await this.inserted(table, row);
      if (!('code' in came)) return came.row;
      if (tries > TRIES || !(await this.turned(table, turn, came, row))) {
        const why = `${came.code} ${came.message}`;
        throw new Error(`no valid row of ${table.name} is found (${why}): it needs a line in plant-overrides.ts`);
      }
    }
  }

  /** @returns whether there is another way to draw the row after such a refusal */
  private async turned(table: Relation, turn: Turn, { code, constraint }: DatabaseError, row: Row): Promise<boolean> {
    const check = table.checks.find(({ name }) => name === constraint);
    if (code !== CHECK_VIOLATION || !check) return !turn.fresh && (turn.fresh = true);
    for (const name of check.columns) {
      const column = table.columns.find((one) => one.name === name)!;
      if (isTenants(table, name) || table.foreignKeys.some(({ columns }) => columns.includes(name))) continue;
      const least = isFilled(column) ? LEFT_OUT : 0;
      const next = (turn.places.get(name) ?? (row[name] === undefined ? LEFT_OUT : 0)) + 1;
      if (next < Math.min(MOST_VALUES, (await candidates(this.admin, table, column)).length)) {
        turn.places.set(name, next);
        return true;
      }
      turn.places.set(name, least); // the next column goes on, as the digits of a number do
    }
    return !turn.fresh && (turn.fresh = true);
  }

  private async drawn(table: Relation, tenantId: string, given: Row, at: { turn: Turn; depth: number }): Promise<Row> {
    const parent = (name: string, where: Row): Promise<Row> => this.foundOrMade(name, tenantId, where, at.depth + 1);
    const known = await this.overrides[table.name]?.values?.({ tenantId, parent });
    const row: Row = { ...shown(table), ...known, ...given };
    const tenantColumn = tenantColumnOf(table);
    if (tenantColumn && table.name !== 'app.tenants') row[tenantColumn] ??= tenantId;
    for (const key of table.foreignKeys) Object.assign(row, await this.parent(table, key, row, { ...at, tenantId }));
    for (const column of table.columns) {
      const place = at.turn.places.get(column.name) ?? (isFilled(column) ? LEFT_OUT : 0);
      if (column.name in row || column.generated || place === LEFT_OUT) continue;
      const values = await candidates(this.admin, table, column);
      row[column.name] = values[place] ?? null;
    }
    return row;
  }

  /** What a foreign key's columns are to hold; nothing where they may stay empty, or are given. */
  private async parent(
    table: Relation,
    { columns, references, referenced }: ForeignKey,
    row: Row,
    { turn, depth, tenantId }: { turn: Turn; depth: number; tenantId: string },
  ): Promise<Row> {
    const open = columns.filter((name) => row[name] === undefined);
    const needed = open.some((name) => table.columns.find((one) => one.name === name)?.notNull);
    if (!needed) return {};
    const bound = columns.flatMap((name, n): [string, string | null][] =>
      row[name] == null ? [] : [[referenced[n]!, row[name]]],
    );
    const where = Object.fromEntries(bound);
    const makes = turn.fresh && references !== table.name && references !== 'app.tenants';
    const parent = makes
      ? await this.made(this.relation(references), tenantId, where, depth + 1)
      : await this.foundOrMade(references, tenantId, where, depth + 1);
    return Object.fromEntries(columns.map((name, n) => [name, parent[referenced[n]!] ?? null]));
  }

  private async foundOrMade(name: string, tenantId: string, where: Row, depth: number): Promise<Row> {
    const table = this.relation(name);
    return (await this.found(table, tenantId, where)) ?? this.made(table, tenantId, where, depth);
  }

  /** A row of the tenant that is there; one that everybody sees, if there is any. */
  async found(table: Relation, tenantId: string, where: Row = {}): Promise<Row | undefined> {
    const tenantColumn = tenantColumnOf(table);
    const all: Row = { ...(tenantColumn ? { [tenantColumn]: tenantId } : {}), ...where };
    const members =
      table.name === 'auth.users' ? ['id in (select user_id from app.memberships where tenant_id = $1)'] : [];
    const conditions = Object.keys(all).map((name, n) => `"${name}"::text = $${n + 1 + members.length}`);
    const order = 'visibility' in shown(table) ? `visibility = 'public' desc, ` : '';
    const condition = [...members, ...conditions].join(' and ') || 'true';
    const { rows } = await this.admin.query<Row>(
      `select ${asText(table)} from ${table.name} where ${condition} order by ${order}ctid limit 1`,
      [...members.map(() => tenantId), ...Object.values(all)],
    );
    return rows[0];
  }

  private async inserted(table: Relation, row: Row): Promise<{ row: Row } | DatabaseError> {
    const names = Object.keys(row);
    const types = names.map((name) => table.columns.find((one) => one.name === name)?.type);
    const values = names.map((_, n) => `$${n + 1}::${types[n]}`);
    const text = `insert into ${table.name} (${names.map((name) => `"${name}"`).join(', ')}) values (${values.join(', ')}) returning ${asText(table)}`;
    await this.admin.query('savepoint planting; set constraints all deferred');
    try {
      const { rows } = await this.admin.query<Row>(text, Object.values(row));
      await this.overrides[table.name]?.also?.(this.admin, rows[0]!);
      await this.admin.query('set constraints all immediate; release planting');
      return { row: rows[0]! };
    } catch (error) {
      await this.admin.query('rollback to planting');
      return error as DatabaseError;
    }
  }
}

/** Records that have a visibility are planted for all to see, so that what hangs at them is seen as well. */
const shown = ({ columns }: Relation): Row =>
  columns.some(({ name }) => name === 'visibility') ? { visibility: 'public' } : {};

const isTenants = (table: Relation, name: string): boolean => tenantColumnOf(table) === name;

/** May be left to the database; what its default takes from the caller's context is nothing here. */
const isFilled = ({ notNull, default: given }: Column): boolean =>
  !notNull || (given !== null && !/\bapp\.(tenant_id|user_id|role_id)\(\)/.test(given));

const asText = ({ columns }: Relation): string => columns.map(({ name }) => `"${name}"::text`).join(', ');
