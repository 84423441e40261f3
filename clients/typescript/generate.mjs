import { createClient } from '@hey-api/openapi-ts';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Makes src/generated from openapi.json in the root of the repository.
 *
 *   node generate.mjs            writes it
 *   node generate.mjs --check    writes nothing, and fails where what is committed is not what the document gives
 */

const COMMITTED = fileURLToPath(new URL('src/generated', import.meta.url));
const DOCUMENT = new URL('../../openapi.json', import.meta.url);

async function generate(path) {
  await createClient({
    input: JSON.parse(await readFile(DOCUMENT, 'utf8')),
    output: {
      path,
      clean: true,
      entryFile: false,
      module: { extension: '.js' },
      header: ['// Generated from openapi.json. Do not edit.'],
    },
    logs: { level: 'silent', file: false },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true },
      '@hey-api/typescript',
      {
        name: '@hey-api/sdk',
        operations: { strategy: 'single', containerName: 'Operations', methods: 'instance' },
      },
    ],
  });
}

/** Name and text of every file below a folder. */
async function contents(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')]);
  return new Map(await Promise.all(texts));
}

async function check() {
  const made = await mkdtemp(join(tmpdir(), 'ringfence-client-'));
  try {
    await generate(made);
    const [fresh, committed] = [await contents(made), await contents(COMMITTED)];
    const names = [...new Set([...fresh.keys(), ...committed.keys()])];
    const different = names.filter((name) => fresh.get(name) !== committed.get(name));
    if (different.length === 0) return;
    console.error(`clients/typescript/src/generated is not what openapi.json gives: ${different.join(', ')}`);
    console.error('Run: node clients/typescript/generate.mjs');
    process.exitCode = 1;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

await (process.argv.includes('--check') ? check() : generate(COMMITTED));
