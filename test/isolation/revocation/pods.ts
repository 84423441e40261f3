import type { DataSource } from 'typeorm';
import type { PoolClient, QueryResult } from 'pg';
import { APP_DATA_SOURCE } from '../../../src/database/tokens.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { TestDatabase } from '../../support/database.js';

/** Two servers on one database, each with pools and memory of its own. */
export interface Pods {
  /** where rights are taken */
  revoking: TestApp;
  /** where they are used */
  used: TestApp;
}

export async function startPods(db: TestDatabase): Promise<Pods> {
  const [revoking, used] = await Promise.all([startApp(db), startApp(db)]);
  return { revoking, used };
}

type Done = (error: Error | null, result?: QueryResult) => void;
const REMEMBERED_MS = 1000;

/**
 * A fault that is planted: this server asks who is calling once a second and capability, and answers itself in between.
 * The statement still goes out, so that the policies know the caller; what the server makes of the answer is remembered.
 */
export function plantCache({ nest }: TestApp): void {
  const known = new Map<string, { result: QueryResult; at: number }>();
  const { driver } = nest.get<DataSource>(APP_DATA_SOURCE, { strict: false }) as unknown as { driver: Driver };
  const obtain = driver.obtainMasterConnection.bind(driver);
  const planted = new WeakSet<PoolClient>();
  driver.obtainMasterConnection = async () => {
    const [client, release] = await obtain();
    if (!planted.has(client)) remembering(client, known);
    planted.add(client);
    return [client, release];
  };
}

interface Driver {
  obtainMasterConnection(): Promise<[PoolClient, () => void]>;
}

function remembering(client: PoolClient, known: Map<string, { result: QueryResult; at: number }>): void {
  const ask = client.query.bind(client) as unknown as (...all: unknown[]) => unknown;
  const query = (text: { text?: string; values?: string[] }, done?: Done, ...rest: unknown[]): unknown => {
    const cap = /from app\.enter\(/.test(text.text ?? '') ? text.values?.[0] : undefined;
    if (!cap || !done) return ask(text, done, ...rest);
    return ask(text, (error: Error | null, result?: QueryResult) => {
      const last = known.get(cap);
      if (last && last.at > Date.now() - REMEMBERED_MS) return done(null, last.result);
      if (result) known.set(cap, { result, at: Date.now() });
      done(error, result);
    });
  };
  client.query = query as unknown as PoolClient['query'];
}
