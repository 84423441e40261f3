import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded/index.js';
import { FAST, IS_ROOT, postmasterPid, query, workspace } from './fixtures/support.js';

const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('startEmbeddedPostgres', () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  let home: string;
  let database: EmbeddedPostgres;
  const steps: string[] = [];

  beforeAll(async () => {
    space = await workspace();
    home = join(space.path, 'a home', 'nested');
    process.env.RINGFENCE_TEST_SECRET = 'not for the server';
    const settings = { ...FAST, work_mem: '5MB', listen_addresses: '*' };
    database = await startEmbeddedPostgres({ home, settings, onStep: (step) => steps.push(step) });
  });
  afterAll(async () => {
    delete process.env.RINGFENCE_TEST_SECRET;
    await database?.stop();
    await space.remove(home);
  });

  it('creates and starts a database in a new home, in a path with spaces', async () => {
    expect(database.firstRun).toBe(true);
    expect(steps).toEqual(['initdb', 'start']);
    expect(database.adminUrl).toMatch(/^postgres:\/\/postgres:[\w-]{43}@127\.0\.0\.1:\d+\/postgres$/);
    expect(database.adminUrl).toContain(`:${database.port}/`);
    expect(await query(database.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('keeps everything in the home closed to others and leaves no passing files', async () => {
    expect((await readdir(home)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password', 'ringfence.pid']);
    // Root's home lets the server's group walk through, and nothing else.
    expect(await mode(home)).toBe(IS_ROOT ? '710' : '700');
    expect(await mode(join(home, 'postgres'))).toBe('700');
    for (const file of ['postgres.log', 'postgres.password', 'ringfence.pid']) {
      expect([file, await mode(join(home, file))]).toEqual([file, '600']);
    }
  });

  it('listens on 127.0.0.1 alone, whatever the settings say, with our defaults', async () => {
    const names = ['listen_addresses', 'unix_socket_directories', 'TimeZone', 'password_encryption', 'jit'];
    names.push('max_connections', 'log_statement', 'log_parameter_max_length_on_error', 'work_mem', 'fsync');
    const sql = `select name, setting from pg_settings where name in ('${names.join("','")}')`;
    const rows = await query<{ name: string; setting: string }>(database.adminUrl, sql);
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      TimeZone: 'UTC',
      password_encryption: 'scram-sha-256',
      jit: 'off',
      max_connections: '100',
      log_statement: 'none',
      log_parameter_max_length_on_error: '0',
      work_mem: '5120',
      fsync: 'off',
    });
  });

  it('lets nobody in without the password', async () => {
    const rules = await query(database.adminUrl, 'select distinct auth_method from pg_hba_file_rules');
    expect(rules).toEqual([{ auth_method: 'scram-sha-256' }]);
    const wrong = database.adminUrl.replace(/:[\w-]{43}@/, ':wrong@');
    await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('stores UTF-8 with Unicode rules', async () => {
    const sql = `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
      lower('ÄÖ') as lower from pg_database where datname = 'template1'`;
    const expected = { encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', lower: 'äö' };
    expect(await query(database.adminUrl, sql)).toEqual([expected]);
  });

  (process.platform === 'linux' ? it : it.skip)(
    'runs apart: own session, own account, none of our environment',
    async () => {
      const pid = await postmasterPid(home);
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
      expect(fields?.slice(2, 4)).toEqual([String(pid), String(pid)]);
      expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('RINGFENCE_TEST_SECRET');
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(new URL(database.adminUrl).password);
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      expect(status).not.toMatch(/^Uid:\s+0\s/m);
      expect(status).toMatch(/^CapEff:\s+0{16}$/m);
    },
  );

  it('refuses a second start in the same home, naming the process', async () => {
    const second = startEmbeddedPostgres({ home });
    const message = `RINGFENCE_HOME ${home} is in use by process ${process.pid}; stop it or set another RINGFENCE_HOME`;
    await expect(second).rejects.toMatchObject({ name: 'EmbeddedPostgresError', message });
    expect(await query(database.adminUrl, 'select 1 as one')).toHaveLength(1);
  });

  it('stops, more than once if asked, and starts again with the data kept', async () => {
    await query(database.adminUrl, 'create table kept as select 42 as answer');
    const pid = await postmasterPid(home);
    await Promise.all([database.stop(), database.stop()]);
    await database.stop();
    expect(await readdir(home)).not.toContain('ringfence.pid');
    expect(await readdir(join(home, 'postgres'))).not.toContain('postmaster.pid');
    database = await startEmbeddedPostgres({ home, settings: FAST });
    expect(database.firstRun).toBe(false);
    expect(await postmasterPid(home)).not.toBe(pid);
    expect(await query(database.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('takes the death of the server calmly: stop still works', async () => {
    process.kill(await postmasterPid(home), 'SIGQUIT');
    await database.stop();
    expect(await readdir(home)).not.toContain('ringfence.pid');
  });
});
