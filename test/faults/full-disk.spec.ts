import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { serverAccount } from '../../src/database/embedded/account.js';
import { openHome } from '../../src/database/embedded/home.js';
import { Drill, LASTS_MS, sleep, until, wrong } from './drill.js';
import { SmallDisk } from './small-disk.js';
import { Stage } from './stage.js';

let stage: Stage;
let drill: Drill;
let disk: SmallDisk;

beforeAll(async () => {
  stage = await Stage.open();
  disk = await SmallDisk.mount(join(stage.home, 'small'), await serverAccount(await openHome(stage.databaseHome)));
  drill = await Drill.begin(stage);
}, 240_000);
afterAll(async () => {
  await drill?.rest();
  await stage?.close(async () => disk?.unmount());
}, 60_000);

/** Those that each change of a deal writes to. */
const tables = (): Promise<{ name: string }[]> =>
  stage.look(`select oid::regclass::text as name from pg_class where relkind = 'r' and oid in (
    select 'app.deals'::regclass union select inhrelid from pg_inherits
     where inhparent in ('app.audit_log'::regclass, 'app.audit_changes'::regclass))`); // prettier-ignore

describe('a volume of the database is full', () => {
  it('that of the tables: changes are refused in time, reads go on, and all is back when there is room', async () => {
    await stage.look(`create tablespace small location '${await disk.folder('tables')}'`);
    for (const { name } of await tables()) await stage.look(`alter table ${name} set tablespace small`);
    const { body } = await drill.signIn();
    const { live, red } = await drill.endure({
      title: 'volume of the tables full',
      done: 'tmpfs of 64 MiB filled, emptied after 5 s',
      lasts: async () => {
        await disk.fill();
        expect(await until(() => Promise.resolve(drill.ledger.told.has(503)), 20_000)).toBe(true);
        const { status } = await drill.read(body.accessToken);
        expect(status).toBe(200);
        await sleep(LASTS_MS);
      },
      ends: () => disk.free(),
    });
    expect([live, red]).toEqual([[200], []]);
  });

  it('that of the write-ahead log: the server of the database ends, and all is back when there is room', async () => {
    await drill.rest();
    for (const { name } of await tables()) await stage.look(`alter table ${name} set tablespace pg_default`);
    await stage.stopDatabase();
    await stage.moveWriteAheadLog(await disk.folder('wal'));
    await stage.startDatabase();
    drill.go();
    expect(await drill.works()).toBe(true);
    const { live } = await drill.endure({
      title: 'volume of the write-ahead log full',
      done: 'tmpfs of 64 MiB filled, emptied after 5 s, database started anew',
      lasts: async () => {
        await disk.fill();
        // a new segment finds no room, and the server panics: from now on it is down, or starts and is down again
        const panics = (): Promise<boolean> =>
          stage.look('select pg_switch_wal()').then(
            () => false,
            () => true,
          );
        expect(await until(panics, 30_000)).toBe(true);
        await sleep(LASTS_MS);
        expect(drill.ledger.codes.get('database_unavailable')).toBeGreaterThan(0);
      },
      ends: async () => {
        await disk.free();
        await stage.stopDatabase();
        await stage.startDatabase();
      },
    });
    expect(live).toEqual([200]);
  });
});

describe('afterwards', () => {
  beforeAll(async () => {
    await drill.rest();
    await drill.settle();
  }, 120_000);

  it('no client met anything but what is right, or 503 with Retry-After', () => {
    expect(drill.ledger.faults.slice(0, 20)).toEqual([]);
  });

  it('all that must hold holds', async () => {
    const findings = await drill.judge(true);
    expect([findings.length, wrong(findings)]).toEqual([7, []]);
  });
});
