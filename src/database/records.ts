import { getMetadataArgsStorage, type WhereExpressionBuilder } from 'typeorm';
import type { EntityClass } from './data-sources.js';
import { TenantDb } from './tenant-transaction/tenant-db.js';

/** Conditions of a list: what is undefined is none. */
export type Filter<View> = { readonly [Field in keyof View]?: unknown };

/** A record as it is shown, with the version that its ETag says. */
export interface Versioned<View> {
  record: View;
  version: number;
}

/** Not shown: which tenant it is goes without saying, and the version is the ETag. */
const UNSHOWN: ReadonlySet<string> = new Set(['tenantId', 'version']);

/**
 * The statements that every kind of record needs. None of them names a tenant: the fence adds it, to the plan's index
 * condition too. Rows are read as they are shown, not as entities, of which a page costs several times as much.
 *
 * The entity has `tenantId`, `id` (a time-ordered UUID: newest first is the order of the key) and `version`; a view has its
 * other columns, under the names of their properties.
 */
export abstract class Records<View extends { id: string }> {
  /** what a view is read by, for statements of one's own */
  protected readonly view: string;
  protected readonly table: string;
  private readonly columns: ReadonlyMap<string, string>;

  protected constructor(
    protected readonly db: TenantDb,
    private readonly entity: EntityClass,
  ) {
    const { tables, columns } = getMetadataArgsStorage();
    const declared = columns.filter(({ target }) => target === entity);
    this.table = `app.${tables.find(({ target }) => target === entity)?.name}`;
    this.columns = new Map(declared.map(({ propertyName, options }) => [propertyName, options.name ?? propertyName]));
    this.view = [...this.columns].filter(([field]) => !UNSHOWN.has(field)).map(([field, column]) => `${column} as "${field}"`).join(', '); // prettier-ignore
  }

  /** Newest first. @param before id that the page starts after */
  list(filter: Filter<View>, limit: number, before?: string): Promise<View[]> {
    const values: unknown[] = [limit];
    const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    const conditions = this.conditions(asked, (_, value) => `$${values.push(value)}`);
    if (before !== undefined) conditions.push(`id < $${values.push(before)}`);
    const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
    return this.db.queryOnce(`select ${this.view} from ${this.table} ${where} order by id desc limit $1`, values);
  }

  /** @param within what it must have besides its id: the parent that a path names */
  async find(id: string, within: Filter<View> = {}): Promise<Versioned<View> | undefined> {
    const values: unknown[] = [];
    const conditions = this.conditions({ ...within, id }, (_, value) => `$${values.push(value)}`);
    const text = `select version, ${this.view} from ${this.table} where ${conditions.join(' and ')}`;
    const [row] = await this.db.queryOnce<VersionedRow<View>>(text, values);
    return row && versioned(row);
  }

  /** @param values by property; what the database fills by itself is left out. @param within what the path says of it */
  async create(values: object, within: Filter<View> = {}): Promise<Versioned<View>> {
    const row = { ...values, ...within };
    const query = this.db.manager.createQueryBuilder().insert().into(this.entity).values(row);
    const made = await query.returning(`version, ${this.view}`).execute();
    return versioned((made.raw as VersionedRow<View>[])[0] as VersionedRow<View>);
  }

  /** @returns the record as it is now; undefined when none was there, visible, at one of the versions and within that */
  async update(
    id: string,
    change: object,
    versions: Versions,
    within: Filter<View> = {},
  ): Promise<Versioned<View> | undefined> {
    const changing = this.db.manager.createQueryBuilder().update(this.entity).set(change);
    const query = this.narrowed(changing, id, versions, within);
    const [row] = (await query.returning(`version, ${this.view}`).execute()).raw as VersionedRow<View>[];
    return row && versioned(row);
  }

  /** @returns whether the record was there, visible, at one of the versions and within that */
  async delete(id: string, versions: Versions, within: Filter<View> = {}): Promise<boolean> {
    const query = this.narrowed(this.db.manager.createQueryBuilder().delete().from(this.entity), id, versions, within);
    return (await query.execute()).affected === 1;
  }

  private narrowed<Query extends WhereExpressionBuilder>(
    query: Query,
    id: string,
    versions: Versions,
    within: Filter<View>,
  ): Query {
    const values: Record<string, unknown> = { versions };
    const conditions = this.conditions({ ...within, id }, (field, value) => {
      values[field] = value;
      return `:${field}`;
    });
    if (versions) conditions.push('version = any(:versions)');
    query.where(conditions.join(' and '), values);
    return query;
  }

  /** @param placeOf keeps a value, and says how the statement names it */
  private conditions(fields: object, placeOf: (field: string, value: unknown) => string): string[] {
    return Object.entries(fields).map(([field, value]) => `${this.columnOf(field)} = ${placeOf(field, value)}`);
  }

  /** @throws Error for a field that the entity does not have: names stand in the statement */
  private columnOf(field: string): string {
    const column = this.columns.get(field);
    if (!column) throw new Error(`${this.table} has no ${field}`);
    return column;
  }
}

/** The versions that a change is meant for; undefined: any. */
type Versions = readonly number[] | undefined;

type VersionedRow<View> = View & { version: number };

function versioned<View>({ version, ...record }: VersionedRow<View>): Versioned<View> {
  return { record: record as unknown as View, version };
}
