import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../../src/start/cli/cli-error.js';
import type { Command, Invocation } from '../../src/start/cli/command.js';
import { migrations } from '../../migrations/index.js';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { databaseIn, passwordsFor } from '../../src/start/cli/db-bootstrap.js';
import { explain } from '../../src/start/cli/explain.js';
import { runCli } from '../../src/start/cli/run.js';
import type { Connections } from '../../src/start/home.js';
import { useDatabase } from '../support/database.js';

interface Ran {
  code: number;
  out: string;
  err: string;
}

async function run(args: string[], commands: readonly Command[] = COMMANDS, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const [out, err]: string[][] = [[], []];
  const code = await runCli(args, commands, { env, out: (line) => out!.push(line), err: (line) => err!.push(line) });
  return { code, out: out!.join('\n'), err: err!.join('\n') };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence cli '));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what is typed', () => {
  const seen: Invocation[] = [];
  const command: Command = {
    name: 'sheep count',
    summary: 'count them',
    words: ['<field>'],
    options: { colour: 'only these' },
    variables: { SHEEP_URL: 'where they are' },
    run: async (invocation) => {
      seen.push(invocation);
      return 0;
    },
  };

  it('reaches the command: words, options and environment', async () => {
    expect((await run(['sheep', 'count', 'west', '--colour', 'black'], [command], { A: 'b' })).code).toBe(0);
    expect(seen.at(-1)).toMatchObject({ words: ['west'], options: { colour: 'black' }, env: { A: 'b' } });
    expect((await run(['sheep', 'count', '--colour=white', 'east'], [command])).code).toBe(0);
    expect(seen.at(-1)).toMatchObject({ words: ['east'], options: { colour: 'white' } });
  });

  it.each([
    [['goats'], /There is no command "goats"/],
    [['sheep'], /There is no command "sheep"/],
    [['sheep', 'count'], /<field> is missing/],
    [['sheep', 'count', 'east', 'west'], /"west" is too much/],
    [['sheep', 'count', 'east', '--size', '3'], /Unknown option '--size'\n/],
    [['sheep', 'count', 'east', '--colour'], /colour/],
    [['sheep', 'count', 'east', '--colour', 'black', '--colour=white'], /'--colour' is given twice/],
  ])('refuses %j with exit code 2 and help', async (args, message) => {
    const { code, out, err } = await run(args, [command]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toContain('Usage: npm run ringfence -- ');
  });

  it.each([[[]], [['help']], [['--help']], [['-h']], [['help', 'goats']]])(
    'answers %j with every command',
    async (args) => {
      const { code, out } = await run(args);
      expect(code).toBe(0);
      for (const { name, summary } of COMMANDS) expect(out).toMatch(new RegExp(`  ${name}.* ${summary}`));
    },
  );

  it.each([[['help', 'sheep', 'count']], [['sheep', 'count', '--help']], [['sheep', 'count', 'x', '-h']]])(
    'answers %j with what the command takes, and does not run it',
    async (args) => {
      const before = seen.length;
      const { code, out } = await run(args, [command]);
      expect(code).toBe(0);
      expect(out).toMatch(
        /sheep count <field> \[options\][^]*--colour <value> +only these[^]*SHEEP_URL +where they are/,
      );
      expect(seen).toHaveLength(before);
    },
  );
});

describe('an error', () => {
  const failing = (error: Error): Command[] => [{ name: 'fail', summary: '', run: () => Promise.reject(error) }];

  it('that can be mended is its message, without a stack', async () => {
    expect(await run(['fail'], failing(new CliError('Do this.')))).toEqual({ code: 1, out: '', err: 'Do this.' });
    expect((await run(['fail'], failing(new Error('server too old')))).err).toBe('server too old');
  });

  it('of ours is shown with its stack', async () => {
    const { code, err } = await run(['fail'], failing(new TypeError('x is not a function')));
    expect(code).toBe(1);
    expect(err).toMatch(/TypeError: x is not a function\n +at /);
  });

  it('of server or system says what to do next, also where each address failed on its own', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(explain(refused)).toBe(
      'connect ECONNREFUSED 127.0.0.1:1.\nNothing listens there. Is the server running, and are host and port of the URL right?',
    );
    expect(explain(Object.assign(new AggregateError([refused], ''), { code: 'ECONNREFUSED' }))).toBe(explain(refused));
    expect(explain(Object.assign(new Error('no such database'), { code: '3D000' }))).toMatch(/db bootstrap/);
  });
});

describe('keys init', () => {
  it('makes a ring once, readable by its owner alone, and prints no key', async () => {
    const file = join(folder, 'ring.json');
    const { code, out } = await run(['keys', 'init', file]);
    const made = await readFile(file, 'utf8');
    const { keys } = JSON.parse(made) as { keys: Record<string, string> };
    expect(code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(out).not.toContain(keys['k1']);
    expect((await run(['keys', 'init', file])).out).toContain('already');
    expect(await readFile(file, 'utf8')).toBe(made);
  });

  it('fails for a folder that is not there, and for a file that is no ring', async () => {
    await writeFile(join(folder, 'other.json'), '{}');
    expect(await run(['keys', 'init', join(folder, 'no', 'ring.json')])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/folder/),
    });
    expect(await run(['keys', 'init', join(folder, 'other.json')])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/key ring is not usable/),
    });
  });
});

describe('db bootstrap', () => {
  const url = (user: string, password: string): string => `postgres://${user}:${password}@db.example:5432/ringfence`;
  const known: Connections = {
    admin: url('postgres', 'x'),
    owner: url('ringfence_owner', 'kept%2Fowner'),
    app: url('ringfence_app', 'kept-app'),
    auth: url('ringfence_auth', 'kept-auth'),
    service: url('ringfence_service', 'kept-service'),
  };

  it('takes the database from the URL, unless that is one of the server’s own', () => {
    expect(['', 'postgres', 'template1', 'crm', 'a%20b'].map((name) => databaseIn(`postgres://u@h/${name}`))).toEqual([
      'ringfence', 'ringfence', 'ringfence', 'crm', 'a b',
    ]); // prettier-ignore
  });

  it('takes passwords as given, else as they were, else at random', () => {
    const RINGFENCE_APP_PASSWORD = 'sixteen characters and more';
    const mixed = passwordsFor({ RINGFENCE_APP_PASSWORD }, known);
    expect(mixed.app.password).toBe(RINGFENCE_APP_PASSWORD);
    expect(mixed.owner).toEqual({ password: 'kept/owner', from: 'kept' });
    const drawn = Object.values(passwordsFor({}, undefined)).map(({ password }) => password);
    expect(new Set(drawn).size).toBe(4);
    expect(Math.min(...drawn.map((password) => password.length))).toBeGreaterThanOrEqual(32);
  });

  it('refuses a weak password by its variable’s name alone', () => {
    expect(() => passwordsFor({ RINGFENCE_AUTH_PASSWORD: 'short' }, known)).toThrow(
      /^RINGFENCE_AUTH_PASSWORD must(?!.*short)/,
    );
  });

  it.each([
    [{}, /DATABASE_URL is not set/],
    [{ DATABASE_URL: 'mysql://u:secret@h/db' }, /^DATABASE_URL is not a PostgreSQL URL(?!.*secret)/],
  ])('fails with what to do next for %j', async (env, message) => {
    expect(await run(['db', 'bootstrap'], COMMANDS, { RINGFENCE_HOME: folder, ...env })).toMatchObject({
      code: 1,
      err: expect.stringMatching(message),
    });
  });

  it('does not overwrite what belongs to another server', async () => {
    await writeFile(join(folder, 'connections.json'), JSON.stringify(known));
    const env = { RINGFENCE_HOME: folder, DATABASE_URL: 'postgres://u:p@other.example/postgres' };
    expect(await run(['db', 'bootstrap'], COMMANDS, env)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/another server \(db\.example:5432\)/),
    });
  });
});

describe('db migrate and db status', () => {
  const { db } = useDatabase();

  it('say that all is well with a database that is up to date', async () => {
    const { owner, app } = db.connections;
    expect(await run(['db', 'migrate'], COMMANDS, { OWNER_DATABASE_URL: owner })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Nothing is pending/),
    });
    const status = await run(['db', 'status'], COMMANDS, { APP_DATABASE_URL: app });
    expect(status).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ran +CreateTenancy[^]*Ringfence serves on this database/),
    });
    expect(status.out).not.toMatch(/pending|unknown/);
  });

  it('fail when the server would not serve', async () => {
    const status = await run(['db', 'status'], COMMANDS, { APP_DATABASE_URL: db.connections.owner });
    expect(status).toMatchObject({
      code: 1,
      out: expect.stringMatching(/does not serve[^]*ringfence_owner \(it owns something/),
    });
  });

  it('take back the last migration by its name, and no other', async () => {
    const env = { OWNER_DATABASE_URL: db.connections.owner };
    const [last, before] = migrations.map(({ name }) => name).reverse();
    const refused = await run(['db', 'revert', before ?? ''], COMMANDS, env);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/is not the last migration that ran/) });
    expect(await run(['db', 'revert', last ?? ''], COMMANDS, env)).toMatchObject({
      code: 0,
      out: `took back  ${last}`,
    });
    expect(await run(['db', 'migrate'], COMMANDS, env)).toMatchObject({ code: 0, out: `ran  ${last}` });
  });

  it('ask for a URL where none is known', async () => {
    const env = { RINGFENCE_HOME: join(folder, 'none') };
    expect(await run(['db', 'migrate'], COMMANDS, env)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/OWNER_DATABASE_URL is not set/),
    });
    expect(await run(['db', 'status'], COMMANDS, env)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/APP_DATABASE_URL is not set/),
    });
  });
});
