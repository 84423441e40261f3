import type { QueryRunner } from 'typeorm';
import { APPROVALS_ALLOWED, ApprovalsModule, approvalsPlatform } from '../../examples/approvals/index.js';
import '../../examples/http-mail/http.transport.js';
import '../../examples/memory-store/define.js';
import { CreateApprovals1764000009001 } from '../../examples/migrations/9001-create-approvals.js';
import { withCatalogue } from '../../src/database/catalogue.js';
import { ALLOWED, type Allowance } from '../../src/modules/doctor/allowed.js';
import { assertIsolated, examine, type Report } from '../../src/modules/doctor/index.js';
import { startApp, type TestApp } from '../support/app.js';
import type { TestDatabase } from '../support/database.js';

/** Runs the examples' migration as the owner, as the migrator would. */
export async function migrate(db: TestDatabase): Promise<void> {
  const owner = await db.as('owner');
  const runner = { query: (text: string) => owner.query(text) } as unknown as QueryRunner;
  const migration = new CreateApprovals1764000009001();
  await migration.up(runner);
  await migration.down(runner);
  await migration.up(runner);
}

/** As if the examples' allowances stood in src/modules/doctor/allowed.ts. */
export const allow = (): number => (ALLOWED as Allowance[]).push(...APPROVALS_ALLOWED);

/** The application with the examples in their places. */
export const startExamples = (db: TestDatabase, env: Record<string, string>): Promise<TestApp> =>
  startApp(db, env, undefined, [ApprovalsModule], [approvalsPlatform]);

/** What a server says that starts on the database. @throws UnsafeDatabaseError */
export const atBoot = (db: TestDatabase): Promise<void> =>
  withCatalogue(db.connections.app, (ask) => assertIsolated(ask, false));

/** What the doctor says of the database, by the allowances of this moment. */
export function diagnosis(db: TestDatabase): Promise<Report> {
  const { app, service } = db.connections;
  return withCatalogue(app, (asApp) =>
    withCatalogue(service, (asService) => examine({ app: asApp, service: asService }, { production: false })),
  );
}
