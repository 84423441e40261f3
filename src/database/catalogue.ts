import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { APP_DATA_SOURCE } from './tokens.js';

/** Names print with their schema then, whatever the role's own path is. */
const EMPTY_PATH = `set local search_path = ''`;

/** One SELECT on the catalogue by a connection of the pool, outside any tenant: as ringfence_app, who sees no rows then. */
export async function readCatalogue<Row extends object>(source: DataSource, sql: string): Promise<Row[]> {
  return source.transaction(async (manager) => {
    await manager.query('set transaction read only');
    await manager.query(EMPTY_PATH);
    return manager.query<Row[]>(sql);
  });
}

/** Reads the catalogue as the role that serves. For what examines the installation; a feature asks TenantDb. */
@Injectable()
export class CatalogueDb {
  constructor(@Inject(APP_DATA_SOURCE) private readonly source: DataSource) {}

  /** @throws Error for a statement that fails */
  select<Row extends object>(sql: string): Promise<Row[]> {
    return readCatalogue<Row>(this.source, sql);
  }
}

/** A connection of its own for reading the catalogue as whichever role the URL names, in read-only transactions. */
export async function withCatalogue<T>(
  url: string,
  work: (select: <Row extends object>(sql: string) => Promise<Row[]>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'ringfence-doctor' });
  client.on('error', () => undefined); // its statement fails
  await client.connect();
  try {
    return await work(async <Row extends object>(sql: string) => {
      await client.query(`begin read only; ${EMPTY_PATH}`);
      try {
        return (await client.query(sql)).rows as Row[];
      } finally {
        await client.query('rollback');
      }
    });
  } finally {
    await client.end();
  }
}
