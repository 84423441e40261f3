import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { ALLOWED, WebhookCalls } from '../support/webhooks.js';
import { PASSWORD } from '../support/world.js';

/*
 * What a partner does: packs the client, installs it in a project of their own, and follows the guides there, block by
 * block, with a key. A guide that lies fails here.
 */

const { db } = useDatabase();
const held = useApp(db, ALLOWED);
const { a } = db.world;
const run = promisify(execFile);
const ROOT = resolve('.');
const BIN = join(ROOT, 'node_modules/.bin');
const DOCS = ['getting-started', 'errors', 'paging', 'versioning'].map((name) => `docs/partner/${name}.md`);
const SECRET = `whsec_${randomBytes(24).toString('base64')}`;
let project: string;
let env: Record<string, string>;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'ringfence-partner-'));
  db.beforeDrop(() => rm(project, { recursive: true, force: true }));
  const { accessToken } = await grantTo(held.app, db, a.users.admin.id, { tenant: a.id, aal: 2 });
  const key = await keyOf(accessToken);
  env = {
    PATH: `${join(process.execPath, '..')}:${BIN}:${process.env['PATH'] ?? ''}`,
    HOME: project,
    RINGFENCE_URL: held.app.url,
    RINGFENCE_API_KEY: key,
    BASE: held.app.url,
    KEY: key,
    EMAIL: a.users.admin.email,
    PASSWORD,
  };
  await install();
}, 120_000);

/** A key with the rights that the guides ask for. */
async function keyOf(token: string): Promise<string> {
  const permissions = ['read', 'create', 'update', 'delete'].map((verb) => `deal:${verb}`);
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const made = await held.app.call('POST', '/v1/api-keys', {
    token,
    body: { name: 'Partner', permissions, expiresAt },
  });
  expect([made.status, made.text]).toEqual([201, expect.stringContaining('rf_')]);
  return made.body.key;
}

/** As README.md says. From a copy, since packing builds. */
async function install(): Promise<void> {
  const copy = join(project, 'ringfence/clients/typescript');
  await cp('clients/typescript', copy, { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(project, 'ringfence/node_modules'));
  await run('npm', ['pack', '--pack-destination', project], { cwd: copy, env });
  await writeFile(join(project, 'package.json'), '{"name":"partner","private":true,"type":"module"}');
  await run('npm', ['install', '--offline', '--no-audit', './ringfence-client-0.1.0.tgz'], { cwd: project, env });
}

const blocksOf = async (file: string, language: string): Promise<string[]> =>
  [...(await readFile(file, 'utf8')).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block]) => block as string,
  );

/** The blocks of a page as one program. An import that a later block repeats stands once. */
async function programOf(file: string): Promise<string> {
  const name = join(project, `${basename(file, '.md').toLowerCase()}.ts`);
  await writeFile(name, (await blocksOf(file, 'ts')).join('\n'));
  return name;
}

const HALF_A_MINUTE = 30_000; // the suite's own limit is for tests that run long

const lines = (text: string): string[] => text.split('\n').filter(Boolean);

describe('a page with shell blocks', () => {
  const follow = async (file: string): Promise<string[]> => {
    const script = (await blocksOf(file, 'sh')).join('\n');
    return lines((await run('bash', ['-euo', 'pipefail', '-c', script], { env })).stdout);
  };

  it('leads from a key to a change and back', async () => {
    const said = await follow('docs/partner/getting-started.md');
    expect(said.filter((line) => /^[a-z_ 0-9]+$|field/.test(line))).toEqual([
      'one deal',
      'won',
      'version_mismatch',
      expect.stringContaining("'amount'"),
      expect.stringContaining("'currency'"),
      '204',
    ]);
  });

  it('shows errors', async () => {
    const said = await follow('docs/partner/errors.md');
    expect(said.join('\n')).toMatch(/field: 'limt'[\s\S]*\nnot_found\n1$/);
  });

  it('counts what is there', async () => {
    await manyDeals();
    const [shown] = await follow('docs/partner/paging.md');
    expect([shown, lines((await run('node', [await programOf('docs/partner/paging.md')], { env })).stdout)]).toEqual([
      expect.stringMatching(/^(4[5-9]|[5-9]\d) deals$/),
      [shown],
    ]);
  });

  it('makes a deal with a key for the try', async () => {
    expect((await follow('docs/guides/idempotency.md')).join('')).toContain('"title":"New roof"');
  });

  it('says what is deprecated', async () => {
    expect(await follow('docs/partner/versioning.md')).toEqual(['[]']);
  });
});

async function manyDeals(): Promise<void> {
  const token = env['RINGFENCE_API_KEY'];
  const body = { title: 'One of many', amount: '1.00', currency: 'EUR' };
  await Promise.all(Array.from({ length: 45 }, () => held.app.call('POST', '/v1/deals', { token, body })));
}

describe('the client in a project of its own', () => {
  it('compiles in strict mode, with no other types than those of Node', async () => {
    await Promise.all([...DOCS, 'clients/typescript/README.md'].map(programOf));
    await cp('clients/typescript/examples/sync-deals.ts', join(project, 'sync-deals.ts'));
    const options = [
      '--strict',
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023',
      '--types',
      'node',
    ];
    const roots = ['--typeRoots', join(ROOT, 'node_modules/@types')];
    const files = ['getting-started.ts', 'paging.ts', 'readme.ts', 'sync-deals.ts'];
    const { stdout } = await run('tsc', [...options, ...roots, ...files], { cwd: project, env }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  }, 60_000);

  it('does what getting-started.md says', async () => {
    const { stdout } = await run('node', [await programOf('docs/partner/getting-started.md')], { env });
    expect(lines(stdout)).toEqual(['1 deal read', 'version_mismatch']);
  });

  it(
    'does what its README says, and takes a webhook',
    async () => {
      const program = await started(await programOf('clients/typescript/README.md'), await freePort());
      await program.says(/^listens$/m);
      expect(await program.deliver({ type: 'deal.created', data: {} })).toBe(204);
      expect(await program.deliver({ type: 'deal.created', data: {} }, 'x')).toBe(400);
      await program.stop();
      expect(program.written).toMatch(/somebody was faster\ntrue\n/);
      expect(program.written).toContain('msg_1 deal.created {}');
    },
    HALF_A_MINUTE,
  );
});

describe('examples/sync-deals.ts', () => {
  it(
    'copies every deal, then follows what webhooks tell',
    async () => {
      const port = await freePort();
      const calls = new WebhookCalls({ app: held.app, db });
      const events = ['deal.created', 'deal.updated', 'deal.deleted'];
      const { secret, id: webhook } = (await calls.make(a, `http://127.0.0.1:${port}/webhooks`, events)).body;
      await cp('clients/typescript/examples/sync-deals.ts', join(project, 'sync-deals.ts'));
      const program = await started(join(project, 'sync-deals.ts'), port, secret);
      await program.says(/^\d+ deals$/m);
      const deal = async (...change: Parameters<typeof held.app.call>): Promise<string> => {
        const [method, path, { body, headers } = {}] = change;
        const answer = await held.app.call(method, path, { body, headers, token: env['RINGFENCE_API_KEY'] });
        await calls.run();
        return answer.body?.id;
      };
      const id = await deal('POST', '/v1/deals', { body: { title: 'Seen', amount: '1.00', currency: 'EUR' } });
      await deal('PATCH', `/v1/deals/${id}`, { body: { stage: 'won' }, headers: { 'If-Match': '"v1"' } });
      const again = `/v1/webhooks/${webhook}/deliveries/${(await calls.deliveries(webhook)).at(-1)?.id}/replay`;
      expect((await held.app.call('POST', again, { token: await calls.token(a) })).status).toBe(202);
      await calls.run(); // known by its id, so not looked at
      await deal('DELETE', `/v1/deals/${id}`, { headers: { 'If-Match': '"v2"' } });
      expect(await program.deliver({ type: 'deal.updated', data: { targetId: id } }, SECRET)).toBe(400);
      await program.stop();
      expect(lines(program.written).filter((line) => line.startsWith(id))).toEqual([
        `${id} lead`,
        `${id} won`,
        `${id} gone`,
      ]);
      expect((await calls.deliveries(webhook)).map(({ status }) => status)).toEqual(Array(4).fill('delivered'));
    },
    HALF_A_MINUTE,
  );
});

/** A partner's program that listens, in a process of its own. */
async function started(file: string, port: number, secret = SECRET) {
  const child = spawn(process.execPath, [file], {
    env: { ...env, PORT: String(port), RINGFENCE_WEBHOOK_SECRET: secret },
  });
  const program = {
    written: '',
    /** Waits until it has written that. */
    says: (what: RegExp): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (what.test(program.written)) resolve();
        };
        child.stdout.on('data', look);
        child.once('exit', () => reject(new Error(`it ended:\n${program.written}`)));
        look();
      }),
    deliver: async (event: unknown, secret = SECRET, id = 'msg_1'): Promise<number> => {
      const body = JSON.stringify({ timestamp: new Date().toISOString(), ...(event as object) });
      const at = Math.floor(Date.now() / 1000);
      const mac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'));
      const signature = `v1,${mac.update(`${id}.${at}.${body}`).digest('base64')}`;
      const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
      return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })).status;
    },
    stop: async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'close');
        child.kill();
        await gone;
      }
    },
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (program.written += text));
  }
  db.beforeDrop(() => program.stop());
  return program;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
