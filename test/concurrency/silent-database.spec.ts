import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { refusalFor } from '../../src/database/index.js';
import { appDataSource, authDataSource } from '../../src/database/data-sources.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
let proxy: TcpProxy;
const sources: DataSource[] = [];

beforeAll(async () => {
  proxy = new TcpProxy(Number(new URL(db.connections.app).port));
  await proxy.open();
});
afterAll(async () => {
  await Promise.all(sources.map((source) => source.destroy()));
  await proxy.close();
});

describe.each(['app', 'auth'] as const)('a database that vanishes without a word, for the pool %s', (role) => {
  it('is given up in time, and its connection is not used again', async () => {
    const url = Object.assign(new URL(db.connections[role]), { port: String(proxy.port) }).href;
    const settings = { url, size: 1, waitMs: 5_000, startupOptions: true, applicationName: 'silent', answerMs: 500 };
    const source = role === 'app' ? appDataSource(settings, []) : authDataSource(settings);
    sources.push(source);
    await source.initialize();
    proxy.silent = true;
    const lost = await source.query('select 1').catch((error: unknown) => error);
    expect(refusalFor(lost)).toMatchObject({ status: 503, code: 'database_unavailable' });
    proxy.silent = false;
    // the connection is being closed; only whoever comes in that very moment may still meet it
    const answer = await source.query('select 1 as one').catch(() => source.query('select 1 as one'));
    expect(answer).toEqual([{ one: 1 }]);
  });
});
