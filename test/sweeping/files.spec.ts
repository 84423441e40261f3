import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  newObjectKey,
  ObjectMissingError,
  StorageRefusedError,
  StorageUnavailableError,
} from '../../src/modules/storage/index.js';
import { LostObjects } from '../../src/modules/sweeping/files/lost-objects.js';
import { StrayObjects } from '../../src/modules/sweeping/files/stray-objects.js';
import { UnwantedVersions } from '../../src/modules/sweeping/files/unwanted-versions.js';
import { useDatabase } from '../support/database.js';
import { FileCalls, fileStage, type FileStage, sha256Of } from '../support/file-calls.js';
import { grantTo } from '../support/grant.js';
import { withAdmin } from '../support/jobs.js';

const NOTE = Buffer.from('Signed on Tuesday.\n');
const HOUR = 3_600_000;

describe.each(['disk', 's3'] as const)('files on %s', (store) => {
  const { db } = useDatabase();
  const { a } = db.world;
  const deal = a.deals['member-public'] as string;
  const going = new AbortController().signal;
  let stage: FileStage;
  let member: FileCalls;
  let sweeper: { unwanted: UnwantedVersions; strays: StrayObjects; lost: LostObjects };
  let said: string[];

  beforeAll(async () => {
    stage = await fileStage(db, store);
    member = new FileCalls(stage, (await grantTo(stage.app, db, a.users.member.id)).accessToken);
    const of = <T>(type: new (...args: never[]) => T): T => stage.app.nest.get(type, { strict: false });
    sweeper = { unwanted: of(UnwantedVersions), strays: of(StrayObjects), lost: of(LostObjects) };
  });
  beforeEach(() => {
    said = [];
    jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void said.push(String(line)));
    stage.clock.offset = 0;
  });

  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of stage.driver.list('')) found.push(key);
    return found.sort();
  };
  const planted = async (key = newObjectKey(a.id, randomUUID())): Promise<string> => {
    await stage.driver.write(key, Readable.from([NOTE]), { contentType: 'text/plain' });
    return key;
  };
  const versions = (id: string) =>
    db.look<{ status: string; object_key: string }>(
      'select status, object_key from app.file_versions where file_id = $1',
      [id],
    );
  const age = (id: string, column: 'created_at' | 'deleted_at', hours: number) =>
    withAdmin(db, `update app.${column === 'created_at' ? 'file_versions' : 'files'} set ${column} = now() - make_interval(hours => $2)
      where ${column === 'created_at' ? 'file_id' : 'id'} = $1`, [id, hours]); // prettier-ignore
  const entries = (id: string) =>
    db.look<{ action: string; actor_type: string }>(
      `select action, actor_type from app.audit_log where target_id = $1 and actor_type = 'task' order by at, n`,
      [id],
    );
  const used = async () =>
    Number((await db.look<{ bytes: string }>('select bytes from app.storage_usage'))[0]?.bytes ?? 0);
  const down = () => new StorageUnavailableError(new Error('ECONNREFUSED'));

  it('an upload that nobody completed in a day goes with its bytes and its room; a younger one stays', async () => {
    const [young, kept] = [await member.sent(NOTE, deal), await member.made(NOTE, deal)];
    const before = await used();
    const old = await member.sent(NOTE, deal);
    await age(old, 'created_at', 25);
    await age(kept, 'created_at', 25);
    await Promise.all([sweeper.unwanted.run(going), sweeper.unwanted.run(going)]);
    expect([await versions(old), await used(), await entries(old)]).toEqual([
      [], before, [{ action: 'file.abandoned', actor_type: 'task' }],
    ]); // prettier-ignore
    expect((await keys()).filter((key) => key.includes(old))).toEqual([]);
    for (const id of [young, kept]) expect((await keys()).filter((key) => key.includes(id))).toHaveLength(1);
    expect((await member.complete(young)).status).toBe(200);
  });

  it('a deleted file goes when its days are over, and not while its store is down', async () => {
    const [id, later] = [await member.made(NOTE, deal), await member.made(NOTE, deal)];
    for (const one of [id, later]) await member.call('DELETE', `/${one}`);
    await age(id, 'deleted_at', 30 * 24 + 1);
    jest.spyOn(stage.driver, 'delete').mockRejectedValueOnce(down());
    await expect(sweeper.unwanted.run(going)).rejects.toThrow(StorageUnavailableError);
    expect(await versions(id)).toHaveLength(1);
    expect((await member.call('POST', `/${id}/restore`)).status).toBe(404); // its objects may be half gone
    await sweeper.unwanted.run(going);
    expect([await versions(id), await entries(id)]).toEqual([[], [{ action: 'file.purged', actor_type: 'task' }]]);
    expect((await keys()).filter((key) => key.includes(id))).toEqual([]);
    expect((await member.call('POST', `/${later}/restore`)).status).toBe(200);
  });

  it('ends half way and goes on the next time: the row outlives its objects, never the other way round', async () => {
    const id = await member.sent(NOTE, deal);
    await age(id, 'created_at', 25);
    const remove = stage.driver.delete.bind(stage.driver);
    jest.spyOn(stage.driver, 'delete').mockImplementationOnce(async (doomed) => {
      await remove(doomed);
      throw new Error('killed');
    });
    await sweeper.unwanted.run(going);
    expect([(await versions(id)).length, (await keys()).filter((key) => key.includes(id))]).toEqual([1, []]);
    await sweeper.unwanted.run(going);
    expect(await versions(id)).toEqual([]);
  });

  it('an upload in parts goes, and what the store refuses for one file keeps nobody from the others', async () => {
    const [{ body: refused }, { body: parts }, other] = [
      await member.announce(NOTE, deal, { parts: 1 }),
      await member.announce(NOTE, deal, { parts: 1 }),
      await member.sent(NOTE, deal),
    ];
    await member.send(parts.upload.parts[0], NOTE);
    await age(refused.id, 'created_at', 50);
    await age(parts.id, 'created_at', 30);
    await age(other, 'created_at', 25);
    const abort = stage.driver.abortParts.bind(stage.driver);
    jest
      .spyOn(stage.driver, 'abortParts')
      .mockImplementation((key, upload) =>
        key.includes(refused.id)
          ? Promise.reject(new StorageRefusedError(new Error('AccessDenied')))
          : abort(key, upload),
      );
    await sweeper.unwanted.run(going);
    const left = await Promise.all([refused.id, parts.id, other].map(versions));
    expect(left.map((rows) => rows.length)).toEqual([1, 0, 0]);
    expect(said).toContainEqual(expect.stringContaining(`file ${refused.id} version 1 cannot be removed`));
    jest.restoreAllMocks();
    await sweeper.unwanted.run(going);
    expect(await versions(refused.id)).toEqual([]);
  });

  it('an object that no row speaks of goes after a day, and no other', async () => {
    const [id, upload] = [await member.made(NOTE, deal), await member.sent(NOTE, deal)];
    const [old, here] = [await planted(), await keys()];
    await sweeper.strays.run(going);
    expect(await keys()).toEqual(here); // all are young
    stage.clock.offset = 26 * HOUR;
    await Promise.all([sweeper.strays.run(going), sweeper.strays.run(going)]);
    expect(await keys()).toEqual(here.filter((key) => key !== old));
    for (const kept of [id, upload]) expect((await keys()).some((key) => key.includes(kept))).toBe(true);
  });

  it('parts of an upload that nobody finished go after a day', async () => {
    const key = newObjectKey(a.id, randomUUID());
    await stage.driver.startParts(key, 'application/pdf');
    const sweep = jest.spyOn(stage.driver, 'sweepUnfinished');
    stage.clock.offset = 26 * HOUR;
    await sweeper.strays.run(going);
    expect(sweep.mock.lastCall?.[0].getTime()).toBeLessThan(stage.clock.now() - 25 * HOUR + 1);
    if (store === 'disk') expect(await sweep.mock.results[0]?.value).toBeGreaterThan(0); // the test's S3 lists none
  });

  it('a store of which the database knows nothing is left alone', async () => {
    const foreign = Array.from({ length: 120 }, () => newObjectKey(randomUUID(), randomUUID()));
    const old = new Date(stage.clock.now() - 100 * HOUR);
    const remove = jest.spyOn(stage.driver, 'delete');
    jest.spyOn(stage.driver, 'list').mockImplementation(async function* () {
      for (const key of foreign) yield await Promise.resolve({ key, size: 1, modifiedAt: old });
    });
    await sweeper.strays.run(going);
    expect(remove.mock.calls.flat(2)).toEqual([]);
    expect(said).toEqual([expect.stringContaining('120 objects, and the database knows none')]);
  });

  describe('bytes that are gone', () => {
    it('make a lost version, said once, that nobody is offered any more', async () => {
      const [id, kept] = [await member.made(NOTE, deal), await member.made(NOTE, deal)];
      const [row] = await versions(id);
      await stage.driver.delete([row?.object_key as string]);
      await sweeper.lost.run(going);
      await sweeper.lost.run(going);
      expect([await versions(id), await versions(kept)]).toMatchObject([[{ status: 'lost' }], [{ status: 'ready' }]]);
      expect(await entries(id)).toEqual([{ action: 'file.lost', actor_type: 'task' }]);
      expect(said).toEqual([`file ${id} version 1 of tenant ${a.id} is lost: its bytes are not in the store`]);
      expect([(await member.download(id)).status, (await member.download(kept)).status]).toEqual([410, 303]);
      await stage.driver.write(row?.object_key as string, Readable.from([NOTE]), { contentType: 'text/plain' });
      await sweeper.lost.run(going);
      expect(await versions(id)).toMatchObject([{ status: 'ready' }]);
      expect((await entries(id)).map(({ action }) => action)).toEqual(['file.lost', 'file.found']);
      await stage.driver.delete([row?.object_key as string]);
      await sweeper.lost.run(going);
    });

    it.each<[string, () => void]>([
      ['is down', () => void jest.spyOn(stage.driver, 'head').mockRejectedValue(down())],
      ['fails otherwise', () => void jest.spyOn(stage.driver, 'head').mockRejectedValue(new Error('500'))],
      ['says "missing" as it goes down', () => {
        jest.spyOn(stage.driver, 'head').mockResolvedValue(undefined);
        jest.spyOn(stage.driver, 'ready').mockRejectedValue(down());
      }],
      ['goes down before it is asked again', () => {
        jest.spyOn(stage.driver, 'head').mockResolvedValueOnce(undefined).mockRejectedValue(down());
      }],
    ])('are never taken for gone where the store %s', async (_, breakIt) => {
      const id = await member.made(NOTE, deal);
      breakIt();
      await expect(sweeper.lost.run(going)).rejects.toThrow();
      expect([await versions(id), await entries(id)]).toMatchObject([[{ status: 'ready' }], []]);
    }); // prettier-ignore

    it('are not, when the second look finds them', async () => {
      const id = await member.made(NOTE, deal);
      jest.spyOn(stage.driver, 'head').mockResolvedValueOnce(undefined);
      await sweeper.lost.run(going);
      expect([await versions(id), said]).toMatchObject([[{ status: 'ready' }], []]);
    });

    it('are not, all of them at once: that is another store', async () => {
      for (let more = 0; more < 10; more += 1) await member.made(Buffer.from(`${more}\n`), deal);
      jest.spyOn(stage.driver, 'head').mockResolvedValue(undefined);
      await sweeper.lost.run(going);
      expect(said).toEqual([expect.stringMatching(/holds none of \d+ files .* is it the right one/)]);
      expect(await db.look(`select from app.file_versions where status = 'lost'`)).toHaveLength(1); // of before
    });
  });

  it('every version that is ready has its bytes in the end, and every object its row', async () => {
    stage.clock.offset = 26 * HOUR;
    await sweeper.unwanted.run(going);
    await sweeper.strays.run(going);
    const rows = await db.look<{ object_key: string; sha256: string; upload_key: string }>(
      `select object_key, upload_key, sha256 from app.file_versions where status <> 'lost'`,
    );
    const known = new Set(rows.flatMap((row) => [row.object_key, row.upload_key]));
    expect((await keys()).filter((key) => !known.has(key))).toEqual([]);
    for (const { object_key, sha256 } of rows) {
      const chunks: Buffer[] = [];
      const bytes = await stage.driver.read(object_key).catch((error: unknown) => error);
      if (bytes instanceof ObjectMissingError) continue; // still where it was sent
      for await (const chunk of bytes as Readable) chunks.push(chunk as Buffer);
      expect(sha256Of(Buffer.concat(chunks))).toBe(sha256);
    }
  });
});
