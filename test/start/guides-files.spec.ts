import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Config } from '../../src/config/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import { seedDemo } from '../../src/start/demo/seed.js';
import { Home } from '../../src/start/home.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { testRing } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { fileStage } from '../support/file-calls.js';

/* The shell blocks of docs/guides/files.md as they stand, on both stores. */
describe.each(['disk', 's3'] as const)('docs/guides/files.md on %s', (store) => {
  const { db } = useDatabase();

  it('can be followed', async () => {
    const home = new Home(mkdtempSync(join(tmpdir(), 'ringfence-guide-')));
    const door = new TcpProxy(0); // at the address that signed URLs name
    await door.open();
    const url = `http://127.0.0.1:${door.port}`;
    db.beforeDrop(() => rm(home.path, { recursive: true, force: true }));
    db.beforeDrop(() => door.close());
    const { app } = await fileStage(db, store, { NODE_ENV: 'development', RINGFENCE_HOME: home.path, PUBLIC_URL: url });
    door.target = Number(new URL(app.url).port);
    const hasher = new PasswordHasher({ env: { PASSWORD_HASH_CONCURRENCY: 2 } } as Config);
    await seedDemo(db.connections.service, url, { hasher, ring: testRing }, (file) => home.write('demo.json', file));
    const text = await readFile('docs/guides/files.md', 'utf8');
    const script = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
      .map(([, block]) => block)
      .join('\n')
      .replaceAll('http://127.0.0.1:3000', url)
      .replaceAll('.ringfence/', `${home.path}/`);
    const PATH = `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`;
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      timeout: 60_000,
      env: { ...process.env, PATH },
    });
    const said = stdout.split('\n').filter(Boolean);
    const refused = store === 'disk' ? 'not_uploaded' : 'checksum_mismatch';
    expect(said.filter((line) => /^\w+$|^Signed|"bytes"/.test(line))).toEqual([
      'ready',
      'Signed on Tuesday.',
      refused,
      expect.stringMatching(/"bytes":\d+/),
      'not_found',
      'ready',
      'not_found',
    ]);
  }, 90_000);
});
