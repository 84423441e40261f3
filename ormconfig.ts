import { migratorOptions } from './src/database/migrator.js';
import { DataSource } from 'typeorm';

/** The migrator's DataSource, for the TypeORM command line: OWNER_DATABASE_URL is the URL of ringfence_owner. */
export default new DataSource(migratorOptions(process.env['OWNER_DATABASE_URL'] ?? ''));
