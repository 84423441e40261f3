import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { randomResources } from './random-resources.js';
import { WHOLE } from './whole.js';

/*
 * What the generator writes is what we would have written: three random resources in a copy of the repository compile, pass
 * lint, their own specs and those that attack every table and route, and leave no trace when they are removed. SEED repeats
 * a run; with a small SCALE it is always the same, so that a change lands or not by what it does.
 */

const seed = Number(process.env['SEED'] ?? (WHOLE ? Date.now() % 1_000_000 : 833_514));
const resources = randomResources(seed);
const ROOT = resolve('.');
const LEFT_OUT = /^(\.git|node_modules|dist|\.ringfence|coverage|bench\/(peers|results))$/;
let copy: string;

beforeAll(async () => {
  console.log(`SEED=${seed}\n${resources.map(({ name, args }) => `resource ${name} ${args.join(' ')}`).join('\n')}`);
  copy = await mkdtemp(join(tmpdir(), 'ringfence-generate-'));
  await cp(ROOT, copy, { recursive: true, filter: (path) => !LEFT_OUT.test(relative(ROOT, path)) });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
}, 60_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

/** A program of the copy. @returns what it printed @throws Error with that when it fails */
async function run(program: string, ...args: string[]): Promise<string> {
  const { JEST_WORKER_ID: _worker, RINGFENCE_TEST: _database, ...inherited } = process.env;
  const PATH = `${join(process.execPath, '..')}:${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: copy,
      env: { ...inherited, PATH, SCALE: '1' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}\n${`${stdout}\n${stderr}`.slice(-8_000)}`, { cause: error });
  }
}

const generate = (...args: string[]): Promise<string> => run('node', 'schematics/cli/main.ts', ...args);

/** Every file of the copy and a digest of it. */
async function tree(): Promise<Record<string, string>> {
  const entries = await readdir(copy, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const own = files.filter((path) => !/^(node_modules|dist|coverage)\//.test(relative(copy, path)));
  const digest = async (path: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  return Object.fromEntries(
    await Promise.all(own.map(async (path) => [relative(copy, path), await digest(path)] as const)),
  );
}

describe('three random resources', () => {
  let before: Record<string, string>;
  let written: string[];

  it('say first what they would write, and then write that', async () => {
    before = await tree();
    expect(await generate('resource', resources[0]?.name ?? '', ...(resources[0]?.args ?? []), '--dry-run')).toContain(
      'Nothing was written.',
    );
    expect(await tree()).toEqual(before);
    for (const { name, args } of resources) await generate('resource', name, ...args.filter(Boolean));
    const after = await tree();
    written = Object.keys(after).filter((path) => after[path] !== before[path]);
    for (const { plural } of resources)
      expect(written).toContain(`test/resources/${plural.replaceAll('_', '-')}.spec.ts`);
  });

  it('are typed, linted, formatted, in their place, and build', async () => {
    const code = written.filter((path) => path.endsWith('.ts') && !path.startsWith('clients/'));
    await run('tsc', '--noEmit');
    await run('prettier', '--check', ...code);
    await run('eslint', '--max-warnings', '0', ...code);
    await run('depcruise', 'src', 'migrations', 'test');
    await run('redocly', 'lint', 'openapi.json');
    await run('tsc', '--noEmit', '-p', 'clients/typescript');
    await run('nest', 'build');
  });

  it('pass their own specs, those that attack every table and route, and the doctor', async () => {
    const specs = [
      ...resources.map(({ plural }) => `test/resources/${plural.replaceAll('_', '-')}`),
      'test/isolation/(matrix|fence|every-table|foreign-ids|grants|policies-alone)',
      'test/(doctor/doctor|integration/(migrations|triggers|constraints)|openapi/document|pipeline/guards-alone|start/demo)',
    ];
    await run('node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--testTimeout=120000', ...specs);
  });

  it('leave no trace when they are removed, in the tree or in the schema', async () => {
    const [one, two, three] = resources.map(({ name }) => name);
    await expect(generate('remove', one ?? '', '--unreleased')).rejects.toThrow(/stays: .* refer/);
    for (const name of [three, two, one]) await generate('remove', name ?? '', '--unreleased');
    expect(await tree()).toEqual(before); // the protections of the schema are a file of it
  });
});
