import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { STORAGE_DRIVER, type StorageDriver, StorageUnavailableError } from '../../src/modules/storage/index.js';
import { StoreHealth } from '../../src/modules/health/store-health.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
let app: TestApp;
let driver: StorageDriver;
beforeAll(async () => {
  app = await startApp(db);
  driver = app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
});

let later = 0;

const pass = (ms: number): void => {
  later += ms;
  jest.spyOn(performance, 'now').mockImplementation(() => Date.now() + later);
};

describe('/readyz', () => {
  it('is red while the store is down, says so without its secrets, and /livez stays green', async () => {
    pass(60_000);
    const down = new StorageUnavailableError(new Error('connect https://key:secret@store.internal'));
    const ready = jest.spyOn(driver, 'ready').mockRejectedValue(down);
    const refused = await app.call('GET', '/readyz');
    expectProblem(refused, 503, 'not_ready');
    expect(refused.body.detail).toBe('Not reachable: the store of files.');
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await app.call('GET', '/livez')).status).toBe(200);
    ready.mockResolvedValue();
    expect((await app.call('GET', '/readyz')).status).toBe(503); // what was known a moment ago
    pass(3_100);
    expect((await app.call('GET', '/readyz')).body).toEqual({ status: 'ok' });
  });

  it('asks a store that hangs once, and waits for it two seconds at most', async () => {
    pass(60_000);
    let answer = (): void => undefined;
    const hangs = new Promise<void>((resolve) => (answer = resolve));
    const ready = jest.spyOn(driver, 'ready').mockReturnValue(hangs);
    const health = app.nest.get(StoreHealth, { strict: false });
    expect(await Promise.all(Array.from({ length: 50 }, () => health.check()))).toEqual(Array(50).fill('down'));
    pass(3_100);
    expect((await app.call('GET', '/readyz')).status).toBe(503);
    expect(ready).toHaveBeenCalledTimes(1);
    answer();
    await hangs;
    pass(3_100);
    expect((await app.call('GET', '/readyz')).status).toBe(200);
  });
});
