/*
 * Run ahead of `npm start`: builds dist/ when it is missing or was not built from the sources as they are now, and
 * otherwise costs a few milliseconds. "As they are now" is by content: a checkout changes times, a build does not
 * depend on them. dist/.built holds the fingerprint and the list of files that the build was made from.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

const ENTRY = at('dist', 'src', 'main.js');
const STAMP = at('dist', '.built');
const COMPILER_NOTES = at('dist', '.tsbuildinfo');
const NEST = at('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');

const OLDEST_NODE = 24;
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  fail(
    `Ringfence needs Node ${OLDEST_NODE} or later; this is ${process.version}.\n` +
      'Use `npm start`, which brings Node 24 along (after `npm ci`).',
  );
}

const files = sources();
const fingerprint = fingerprintOf(files);
const last = readStamp();
if (!isCurrent()) build();

/** Everything that a build reads, by path from the root, in one order everywhere. */
function sources() {
  const folders = ['src', 'migrations'].filter((folder) => existsSync(at(folder)));
  const inFolders = folders.flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  const single = readdirSync(root).filter((name) =>
    /^(tsconfig.*\.json|nest-cli\.json|package\.json|ormconfig\.ts)$/.test(name),
  );
  return [...inFolders, ...single].sort();
}

function fingerprintOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = readFileSync(at(path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function readStamp() {
  try {
    const { fingerprint, files } = JSON.parse(readFileSync(STAMP, 'utf8'));
    return { fingerprint, files: new Set(files) };
  } catch {
    return undefined;
  }
}

function isCurrent() {
  if (last?.fingerprint !== fingerprint || !existsSync(ENTRY)) return false;
  // a build by hand since then may have been of other sources
  return !existsSync(COMPILER_NOTES) || statSync(COMPILER_NOTES).mtimeMs <= statSync(STAMP).mtimeMs;
}

function build() {
  if (!existsSync(NEST))
    fail('dist/ is not built from these sources, and the build tools are not installed: run `npm ci`.');
  console.log(existsSync(ENTRY) ? 'building (the sources have changed) ...' : 'building ...');
  const since = performance.now();
  // what a deleted file left in dist would still be loaded; without a stamp nobody knows what is in there
  const gone = !last || [...last.files].some((path) => !files.includes(path));
  rmSync(gone ? at('dist') : STAMP, { recursive: true, force: true });

  const { status, signal } = spawnSync(process.execPath, [NEST, 'build'], { cwd: root, stdio: 'inherit' });
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) fail('The build failed; the messages above say where.');
  writeFileSync(STAMP, JSON.stringify({ fingerprint, files }));
  console.log(`built in ${((performance.now() - since) / 1000).toFixed(1)} s`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
