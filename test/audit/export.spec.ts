import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { exportOf, type ExportBatch } from '../../src/modules/audit/export/index.js';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { parseCheckpoint } from '../support/checkpoint-note.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { download, faultOf, linesOf, plantEntries, sealAll, tamper, verify } from './exported.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;

const tokenOf = async (id: string, aal: 1 | 2 = 2, tenant = a.id): Promise<string> =>
  (await grantTo(held.app, db, id, { tenant, aal })).accessToken;
const auditor = (): Promise<string> => tokenOf(a.users.admin.id);

beforeAll(async () => {
  const token = await tokenOf(a.users.owner.id);
  const body = { title: 'Zoë “quoted” \\ \u{1f3e0}', amount: '1200.50', currency: 'EUR' };
  const { id } = (await held.app.call('POST', '/v1/deals', { token, body })).body;
  await held.app.call('PATCH', `/v1/deals/${id}`, { token, body: { stage: 'won' }, headers: { 'If-Match': '*' } });
  await sealAll(held.app, db);
  await plantEntries(db, a.id, 600);
  await sealAll(held.app, db);
});

describe('the export', () => {
  it('is what the auditor’s program verifies, and is recorded before its first byte', async () => {
    const answer = await download(held.app, await auditor());
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      'application/x-ndjson',
      'no-store',
    ]);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="audit-[0-9a-f-]{36}-\d{4}-\d\d-\d\d\.ndjson"$/,
    );
    const lines = linesOf(answer.text);
    const { header } = lines[0] ?? {};
    expect(header).toMatchObject({ format: 'ringfence-audit-1', tenantId: a.id, keys: [expect.stringContaining('+')] });
    expect(await verify(answer.text)).toMatchObject({ rows: header?.size, pruned: 0, openings: expect.any(Number) });
    expect(lines.filter(({ entry }) => entry?.['action'] === 'test.planted')).toHaveLength(600);
    const updated = lines.find(({ entry }) => entry?.['action'] === 'deal.updated');
    expect(Object.keys(updated?.openings ?? {})).toEqual([updated?.entry?.['personal']]);
    expect(JSON.parse(Object.values(updated?.openings ?? {})[0]?.value ?? '')).toMatchObject({ address: '127.0.0.1' });
    // at most one checkpoint for so many rows, and the last one
    const checkpoints = lines.flatMap(({ checkpoint }, n) => (checkpoint ? [n] : []));
    expect(checkpoints.length).toBeLessThanOrEqual(Math.ceil((header?.size ?? 0) / 256));
    expect(checkpoints.at(-1)).toBe(lines.length - 2);
    expect(lines.at(-1)).toEqual({ end: { size: header?.size } });
    const [entry] = (await held.app.call('GET', '/v1/audit-log?action=audit.exported', { token: await auditor() })).body
      .items;
    const { size, root } = parseCheckpoint(lines.at(-2)?.checkpoint ?? '');
    const details = { size, root: root.toString('base64') };
    expect(entry).toMatchObject({ actorId: a.users.admin.id, targetType: 'audit', outcome: 'success', details });
    expect(size).toBe(header?.size);
  });

  it('holds nothing of another tenant', async () => {
    const { text } = await download(held.app, await tokenOf(b.users.owner.id, 2, b.id));
    const lines = linesOf(text);
    expect(lines[0]?.header?.tenantId).toBe(b.id);
    for (const { entry } of lines) if (entry) expect(entry['tenantId']).toBe(b.id);
    expect(text).not.toContain(a.users.admin.id);
    await verify(text);
  });

  it('asks for AAL2, for the permission to export, and for that to read', async () => {
    expectProblem(await download(held.app, await tokenOf(a.users.admin.id, 1)), 403, 'aal2_required');
    expectProblem(await download(held.app, await tokenOf(a.users.member.id)), 403, 'permission_missing');
    const person = await newcomer(db, [a, 'viewer']);
    await db.look(`insert into app.role_permissions (tenant_id, role_id, permission) values ($1, $2, 'audit:export')`, [
      a.id,
      a.roles.viewer,
    ]);
    const answer = await download(held.app, await tokenOf(person.id));
    expectProblem(answer, 403, 'permission_missing');
    expect(answer.body.missingPermission).toBe('audit:read');
    expect(
      (
        await held.app.call('GET', '/v1/audit-log?action=audit.exported&outcome=success&actorId=' + person.id, {
          token: await auditor(),
        })
      ).body.items,
    ).toEqual([]);
    await db.look(`delete from app.role_permissions where role_id = $1 and permission = 'audit:export'`, [
      a.roles.viewer,
    ]);
  });

  it('answers to the media type that it has', async () => {
    const headers = { accept: 'application/x-ndjson' };
    const answer = await held.app.call('GET', '/v1/audit-log/export', { token: await auditor(), headers });
    expect(answer.status).toBe(200);
    expect((await held.app.call('GET', '/v1/audit-log', { token: await auditor(), headers })).status).toBe(406);
  });

  it('of a log that has no number yet is a header and an end', async () => {
    const tenant = await db.service(async (client) => {
      await client.query('select auth.enter_command_line()');
      const [made] = await client.query<{ id: string }>(`select app.provision_standard_tenant('empty', 'Empty') as id`);
      return made?.id ?? '';
    });
    const [role] = await db.look<{ id: string }>(`select id from app.roles where tenant_id = $1 and is_root`, [tenant]);
    const person = await newcomer(db);
    await db.look(`insert into app.memberships (tenant_id, user_id, role_id) values ($1, $2, $3)`, [
      tenant,
      person.id,
      role?.id,
    ]);
    const { text } = await download(held.app, await tokenOf(person.id, 2, tenant));
    expect(linesOf(text)).toEqual([
      { header: expect.objectContaining({ size: 0, tenantId: tenant }) },
      { end: { size: 0 } },
    ]);
    await verify(text);
    const [entry] = await db.look('select details from app.audit_log where tenant_id = $1 and action = $2', [
      tenant,
      'audit.exported',
    ]);
    const nothing = createHash('sha256').digest('base64');
    expect(entry).toEqual({ details: { size: 0, root: nothing } });
  });
});

describe('an export of a log that was tampered with', () => {
  it('names the row of which a superuser changed one byte, or which is gone', async () => {
    const [row] = await db.look<{ entry_id: string; seq: string }>(
      `select f.entry_id, f.seq from app.audit_leaves f where f.tenant_id = $1 and f.seq = 300`, [a.id]); // prettier-ignore
    await tamper(db, `update app.audit_log set request_id = 'forged' where tenant_id = $1 and id = $2`, [
      a.id,
      row?.entry_id,
    ]);
    expect(await faultOf((await download(held.app, await auditor())).text)).toMatchObject({
      row: 300,
      message: expect.stringContaining('was changed'),
    });
    await tamper(db, `update app.audit_log set request_id = null where tenant_id = $1 and id = $2`, [
      a.id,
      row?.entry_id,
    ]);
    await verify((await download(held.app, await auditor())).text);
    await tamper(
      db,
      `create table public.kept as select * from app.audit_log where id = '${row?.entry_id}'; delete from app.audit_log where id = '${row?.entry_id}'`,
    );
    expect(await faultOf((await download(held.app, await auditor())).text)).toMatchObject({
      row: 300,
      message: expect.stringContaining('missing'),
    });
    await tamper(db, `insert into app.audit_log select * from public.kept; drop table public.kept`);
    await verify((await download(held.app, await auditor())).text);
  });
});

/** A client that reads when it likes. */
async function slowly(app: TestApp, token: string): Promise<IncomingMessage> {
  const request = get(`${app.url}/v1/audit-log/export`, {
    headers: { authorization: `Bearer ${token}` },
    agent: false,
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  return response;
}

async function rest(response: IncomingMessage): Promise<{ text: string; broken: boolean }> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of response) pieces.push(piece as Buffer);
    return { text: Buffer.concat(pieces).toString(), broken: false };
  } catch {
    return { text: Buffer.concat(pieces).toString(), broken: true };
  }
}

describe('a large export', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await startApp(db, { APP_POOL_SIZE: '1' });
    await plantEntries(db, b.id, 1_500, 16_000);
    await sealAll(held.app, db);
    token = await tokenOf(b.users.owner.id, 2, b.id);
  }, 60_000);

  /** Until the application's connections have nothing open. */
  async function quiet(): Promise<void> {
    const admin = await db.as('admin');
    const busy = `select from pg_stat_activity where datname = current_database() and application_name = 'ringfence-app' and state <> 'idle'`;
    while ((await admin.query(busy)).rowCount);
    await admin.end();
  }

  it('holds no transaction and no connection while its client is slow, and goes on afterwards', async () => {
    const response = await slowly(app, token);
    await once(response, 'readable');
    await quiet();
    expect((await app.call('GET', '/v1/deals', { token })).status).toBe(200); // on the one connection
    const { text, broken } = await rest(response);
    expect([broken, text.length > 24_000_000]).toEqual([false, true]);
    expect(await verify(text)).toMatchObject({ pruned: 0 });
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['whose session ends', (id) => db.look('delete from auth.sessions where user_id = $1', [id])],
    [
      'who loses the right to read',
      () =>
        db.look(`delete from app.role_permissions where role_id = $1 and permission = 'audit:read'`, [b.roles.admin]),
    ],
  ])('gives no further line to a reader %s', async (_, revoke) => {
    const person = await newcomer(db, [b, 'admin']);
    const response = await slowly(app, await tokenOf(person.id, 2, b.id));
    await once(response, 'readable');
    await quiet();
    await revoke(person.id);
    const { text, broken } = await rest(response);
    expect(broken).toBe(true);
    expect(text.length).toBeLessThan(24_000_000);
    expect(text).not.toContain('{"end":');
  });

  it('stops when its client is gone', async () => {
    const reads: number[] = [];
    const source = {
      read: (from: number, to: number): Promise<ExportBatch> => {
        reads.push(from);
        const rows = Array.from({ length: to - from }, (_, n) => ({
          seq: from + n,
          hash: createHash('sha256').digest(),
          entryId: a.id,
          document: {},
        }));
        return Promise.resolve({ rows, openings: [], keptFrom: 0 });
      },
    };
    const pieces = exportOf(
      { tenantId: a.id, size: 100_000, root: Buffer.alloc(32), keys: [] },
      source,
      () => undefined,
    );
    for (let n = 0; n < 3; n += 1) await pieces.next();
    await pieces.return();
    expect([reads, (await pieces.next()).done]).toEqual([[0, 256], true]);
  });

  it('breaks off where retention removes rows meanwhile: half of them would be there', async () => {
    const source = {
      read: (from: number): Promise<ExportBatch> => Promise.resolve({ rows: [], openings: [], keptFrom: from }),
    };
    const head = { tenantId: a.id, size: 600, root: Buffer.alloc(32), keys: [] };
    const pieces = exportOf(head, source, () => undefined);
    await pieces.next();
    await pieces.next();
    await expect(pieces.next()).rejects.toMatchObject({ name: 'RetentionMeanwhileError' });
  });
});
