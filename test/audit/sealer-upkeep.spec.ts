import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { CheckpointCopies } from '../../src/modules/audit/sealing/checkpoint-copies.js';
import { CheckpointDirectory } from '../../src/modules/audit/sealing/checkpoint-directory.js';
import { CheckpointConflictError, type CheckpointStore } from '../../src/modules/audit/sealing/checkpoint-store.js';
import { Recurring, Trouble } from '../../src/upkeep/index.js';
import { startApp } from '../support/app.js';
import { checkLogs } from '../support/audit-oracle.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/mail-pod.js';
import { KEY_NAME, note, openSealer, sealAll, type SealerProcess } from '../support/sealers.js';

const { db } = useDatabase();
const { a, b } = db.world;
let admin: Client;
let auth: Client;
let process_: SealerProcess;
let home: string;
let said: string[];

beforeAll(async () => {
  [admin, auth] = [await db.as('admin'), await db.as('auth')];
  process_ = await openSealer(db.connections.auth);
  home = await mkdtemp(join(tmpdir(), 'ringfence-checkpoints-'));
});
beforeEach(() => {
  said = [];
  for (const level of ['error', 'log', 'warn'] as const)
    jest
      .spyOn(Logger.prototype, level)
      .mockImplementation((line: unknown) => void said.push(`${level} ${String(line)}`));
});
afterAll(async () => {
  await process_.close();
  await rm(home, { recursive: true });
});

const write = async (details: object): Promise<void> => {
  await note(auth, a.id, details);
  await sealAll(admin, process_.sealer);
};
const newest = async (): Promise<{ file: string; note: string; verifier_key: string }> => {
  const { rows } = await admin.query(
    `select lpad(size::text, 20, '0') || '.txt' as file, note, verifier_key from app.audit_checkpoints
      where tenant_id = $1 order by size desc limit 1`,
    [a.id],
  );
  return rows[0] as { file: string; note: string; verifier_key: string };
};
const freshDirectory = async (): Promise<string> => {
  const path = await mkdtemp(join(home, 'copies-'));
  return path;
};
const filesOf = (path: string): Promise<string[]> => readdir(join(path, a.id));

describe('copies of checkpoints', () => {
  it('are the newest of each log, as they were signed, with the key that signed them', async () => {
    const path = await freshDirectory();
    const copies = new CheckpointCopies(process_.rows);
    await write({ copy: 1 });
    await copies.run(new CheckpointDirectory(path));
    const first = await newest();
    await write({ copy: 2 });
    await copies.run(new CheckpointDirectory(path));
    const second = await newest();
    expect(await filesOf(path)).toEqual([first.file, second.file]);
    expect(await readFile(join(path, a.id, second.file), 'utf8')).toBe(second.note);
    expect(await readFile(join(path, 'keys.txt'), 'utf8')).toBe(`${first.verifier_key}\n`);
    const { rows } = await admin.query('select distinct tenant_id::text as id from app.audit_checkpoints');
    expect((await readdir(path)).sort()).toEqual([...rows.map(({ id }) => id as string), 'keys.txt'].sort());
  });

  it('are kept by many processes at once, and a new key is added', async () => {
    const path = await freshDirectory();
    const other = await openSealer(db.connections.auth);
    const stores = [1, 2, 3].map(() => [new CheckpointCopies(process_.rows), new CheckpointDirectory(path)] as const);
    await write({ key: 'old' });
    await Promise.all(stores.map(([copies, store]) => copies.run(store)));
    await note(auth, a.id, { key: 'new' });
    await sealAll(admin, other.sealer);
    await other.close();
    for (const [copies, store] of stores) await copies.run(store);
    expect((await readFile(join(path, 'keys.txt'), 'utf8')).trim().split('\n')).toHaveLength(2);
    expect(await filesOf(path)).toHaveLength(2);
    expect(said).toEqual([]);
  });

  it('are never replaced', async () => {
    const path = await freshDirectory();
    const store = new CheckpointDirectory(path);
    const one = { tenantId: a.id, size: 7, verifierKey: 'key', note: 'one' };
    await store.keep(one);
    await store.keep(one);
    await expect(store.keep({ ...one, note: 'another' })).rejects.toThrow(CheckpointConflictError);
    await store.keep({ ...one, size: 10, note: 'ten' });
    await store.keep({ ...one, size: 9 });
    await writeFile(join(path, a.id, '.99999999999999999999.txt.half'), '');
    expect(await store.largest(a.id)).toMatchObject({ size: 10, note: 'ten' });
    expect([await store.logs(), await store.largest(b.id)]).toEqual([[a.id], undefined]);
  });

  it('are not written where another one of that size is kept, and the others go on', async () => {
    const path = await freshDirectory();
    await write({ rolled: 'back' });
    const { file } = await newest();
    await mkdir(join(path, a.id));
    await writeFile(join(path, a.id, file), 'what the customer was given before');
    await new CheckpointCopies(process_.rows).run(new CheckpointDirectory(path));
    expect(await readFile(join(path, a.id, file), 'utf8')).toBe('what the customer was given before');
    expect(said).toEqual([expect.stringMatching(/^error the audit log was rolled back .*another checkpoint/)]);
    expect((await readdir(path)).length).toBeGreaterThan(2);
  });

  it('wait for a directory that is not there, are not made beneath it, and are caught up', async () => {
    const path = await freshDirectory();
    const copies = new CheckpointCopies(process_.rows);
    const store = new CheckpointDirectory(path);
    await rename(path, `${path}-away`);
    await write({ away: true }); // sealing does not ask
    await expect(copies.run(store)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readdir(path)).rejects.toMatchObject({ code: 'ENOENT' });
    await rename(`${path}-away`, path);
    await copies.run(store);
    expect(await filesOf(path)).toEqual([(await newest()).file]);
  });

  it('that fail half-way are caught up from there', async () => {
    const kept: string[] = [];
    let room = 1;
    const store: CheckpointStore = {
      name: 'a full disk',
      logs: async () => [],
      largest: async () => undefined,
      keep: async ({ tenantId }) => {
        if (kept.length >= room) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
        kept.push(tenantId);
      },
    };
    const copies = new CheckpointCopies(process_.rows);
    await expect(copies.run(store)).rejects.toThrow('ENOSPC');
    room = 100;
    await copies.run(store);
    await copies.run(store);
    const { rows } = await admin.query('select distinct tenant_id as id from app.audit_checkpoints');
    expect(kept.sort()).toEqual(rows.map(({ id }) => id as string).sort());
  });
});

describe('a task that is done again and again', () => {
  it('says that it fails once, and once that it is over; never runs twice at once; ends', async () => {
    const logger = new Logger('Test');
    let [running, most, runs, fails] = [0, 0, 0, true];
    const task = new Recurring(
      1,
      async () => {
        runs++;
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 4));
        running--;
        if (fails) throw new Error('no database');
      },
      new Trouble(logger, 'it does not go'),
    );
    task.start();
    await until(() => runs > 3);
    expect(said).toEqual(['error it does not go: no database']);
    fails = false;
    await until(() => said.length > 1);
    await task.stop();
    const { length } = said;
    expect(said[1]).toBe('log it does not go: over');
    const ran = runs;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([runs, running, most, said.length]).toEqual([ran, 0, 1, length]);
  });

  it('reminds after ten minutes', () => {
    const now = jest.spyOn(Date, 'now');
    const trouble = new Trouble(new Logger('Test'), 'down');
    for (const minute of [0, 5, 9, 11, 12]) {
      now.mockReturnValue(minute * 60_000);
      trouble.goesOn(`minute ${minute}`);
    }
    expect(said).toEqual(['error down: minute 0', 'error down: minute 11']);
  });
});

describe('the server', () => {
  it('seals, makes months to come and copies by itself; without its database it waits, and goes on', async () => {
    const path = await freshDirectory();
    await admin.query(`drop table audit.log_${monthAhead(2)}, audit.changes_${monthAhead(3)}`);
    await write({ server: 'checkpoints to copy at once: the next round is a minute later' });
    await note(auth, a.id, { server: 1 });
    const app = await startApp(db, { AUDIT_SEAL_INTERVAL_MS: '10', AUDIT_CHECKPOINT_DIR: path });
    const unsealed = async (): Promise<number> => {
      const { rows } = await admin.query<{ n: number }>(
        `select count(*)::int as n from app.audit_log l where not exists (
           select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id)`,
      );
      return rows[0]?.n ?? 0;
    };
    await until(async () => (await unsealed()) === 0 && (await filesOf(path).catch(() => [])).length > 0);
    const [log, changes] = [`audit.log_${monthAhead(2)}`, `audit.changes_${monthAhead(3)}`];
    await until(async () => {
      const { rows } = await admin.query(
        'select to_regclass($1) is not null and to_regclass($2) is not null as there',
        [log, changes],
      );
      return rows[0].there;
    });
    await admin.query('alter function auth.audit_unsealed(integer) rename to gone');
    await note(auth, a.id, { server: 2 });
    await until(() => said.some((line) => line.startsWith('error the audit log is not sealed: ')));
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'ringfence_auth' and application_name <> ''`,
    );
    await admin.query('alter function auth.gone(integer) rename to audit_unsealed');
    await until(async () => (await unsealed()) === 0);
    await until(() => said.includes('log the audit log is not sealed: over'));
    expect(said.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect((await app.call('GET', '/readyz')).status).toBe(200);
    await app.nest.close();
    await note(auth, a.id, { server: 3 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await unsealed()).toBe(1);
    await sealAll(admin, process_.sealer);
    await checkLogs(admin, KEY_NAME);
  });

  it('can tell how long the oldest entry has been waiting', async () => {
    expect(await process_.rows.lag()).toBe(0);
    await admin.query(
      `insert into app.audit_log (tenant_id, id, at, n, actor_type, action, outcome)
       values ($1, uuidv7(), now() - interval '70 seconds', 0, 'nobody', 'deal.updated', 'success')`,
      [a.id],
    );
    expect(Math.floor(await process_.rows.lag())).toBeGreaterThanOrEqual(70);
    await sealAll(admin, process_.sealer);
    expect(await process_.rows.lag()).toBe(0);
  });
});

/** The name's end of a partition some months from now. */
function monthAhead(months: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months))
    .toISOString()
    .slice(0, 7)
    .replace('-', '_');
}
