import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { useDatabase } from '../support/database.js';
import { FileCalls, fileStage, type FileStage, PNG, read, sha256Of } from '../support/file-calls.js';
import { grantTo } from '../support/grant.js';
import { withAdmin } from '../support/jobs.js';
import { expectProblem } from '../support/problem.js';
import { UnwantedVersions } from '../../src/modules/sweeping/files/unwanted-versions.js';

const NOTE = Buffer.from('Signed on Tuesday.\n');
const MIB = 1024 * 1024;
/** What a small file takes of the room. */
const LEAST = 4_096;

describe.each(['disk', 's3'] as const)('files on %s', (store) => {
  const { db } = useDatabase();
  const { a } = db.world;
  const deal = a.deals['member-public'] as string;
  let stage: FileStage;
  let member: FileCalls;
  let viewer: FileCalls;

  beforeAll(async () => {
    stage = await fileStage(db, store);
    member = new FileCalls(stage, (await grantTo(stage.app, db, a.users.member.id)).accessToken);
    viewer = new FileCalls(stage, (await grantTo(stage.app, db, a.users.viewer.id)).accessToken);
  });

  const objects = async (id: string) => {
    const found: unknown[] = [];
    for await (const one of stage.driver.list(`${a.id}/${id}`)) found.push(one);
    return found;
  };
  const usage = async () => (await member.call('GET', '/usage')).body.bytes as number;
  /** When its URL is dead. */
  const swept = async (id: string) => {
    await withAdmin(db, `update app.file_versions set created_at = now() - interval '3 hours' where file_id = $1`, [
      id,
    ]);
    await stage.app.nest.get(UnwantedVersions, { strict: false }).run(new AbortController().signal);
  };
  const actionsOn = (id: string) =>
    db
      .look<{ action: string }>(
        `select action from app.audit_log where target_id = $1 and outcome = 'success' order by at, n`,
        [id],
      )
      .then((rows) => rows.map(({ action }) => action));

  it('announces, uploads, completes, shows, downloads, deletes and restores one', async () => {
    const made = await member.announce(NOTE, deal);
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(made.body).toEqual({
      id: expect.any(String),
      version: 1,
      upload: { method: 'PUT', url: expect.any(String), headers: expect.any(Object), expiresAt: expect.any(String) },
    });
    const { id, upload } = made.body;
    expect(made.headers.get('location')).toBe(`/v1/files/${id}`);
    const file = { id, name: 'note.txt', resourceType: 'deal', resourceId: deal, version: 1, contentType: 'text/plain',
      size: NOTE.length, createdBy: a.users.member.id }; // prettier-ignore
    expect((await viewer.call('GET', `/${id}`)).body).toMatchObject({ ...file, status: 'pending' });
    expectProblem(await member.complete(id), 409, 'not_uploaded');
    expect((await viewer.download(id)).body).toMatchObject({ status: 409, code: 'not_ready' });
    expect((await member.send(upload, NOTE)).status).toBe(200);
    const completed = await member.complete(id);
    expect([completed.status, completed.body]).toMatchObject([200, { ...file, status: 'ready' }]);
    expect((await member.call('POST', `/${id}/complete`)).body).toEqual(completed.body); // a body is optional
    expect((await viewer.call('GET', `/${id}`)).body).toEqual(completed.body);
    expect((await viewer.call('GET', `?resourceType=deal&resourceId=${deal}`)).body.items).toContainEqual(
      completed.body,
    );

    const led = await viewer.download(id);
    expect([led.status, led.headers.get('cache-control')]).toEqual([303, 'no-store']);
    const got = await read(led.url);
    expect([got.status, got.content.toString()]).toEqual([200, NOTE.toString()]);
    expect(got.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(got.headers.get('content-disposition')).toBe('attachment; filename=note.txt');

    expect((await member.call('DELETE', `/${id}`)).status).toBe(204);
    for (const path of [`/${id}`, `/${id}/versions`, `/${id}/download`])
      expectProblem(await member.call('GET', path), 404, 'not_found');
    expectProblem(await member.complete(id), 404, 'not_found');
    expect((await member.call('POST', `/${id}/restore`)).body).toEqual(completed.body);
    expect((await read((await viewer.download(id)).url)).status).toBe(200);
    expect(await actionsOn(id)).toEqual([
      'file.created', 'file.completed', 'file.completed', 'file.downloaded', 'file.deleted', 'file.restored', 'file.downloaded',
    ]); // prettier-ignore
  });

  it('keeps versions: the latest that is ready is offered, each can be had', async () => {
    const id = await member.made(NOTE, deal, { name: 'draft.txt' });
    const later = Buffer.from('Signed on Wednesday.\n');
    const [sha256, size] = [sha256Of(later), later.length];
    const next = await member.call('POST', `/${id}/versions`, { contentType: 'text/plain', size, sha256 });
    expect([next.status, next.body.id, next.body.version]).toEqual([201, id, 2]);
    expect((await member.call('GET', `/${id}`)).body).toMatchObject({ version: 1, status: 'ready' });
    await member.send(next.body.upload, later);
    expect((await member.complete(id, { version: 2 })).body).toMatchObject({ version: 2, status: 'ready', size });
    const text = async (query: string) => (await read((await viewer.download(id, query)).url)).content.toString();
    expect([await text(''), await text('?version=1')]).toEqual([later.toString(), NOTE.toString()]);
    expectProblem(await viewer.call('GET', `/${id}/download?version=3`), 404, 'not_found');
    const first = await viewer.call('GET', `/${id}/versions?limit=1`);
    expect(first.body.items).toMatchObject([{ version: 2, status: 'ready', createdBy: a.users.member.id }]);
    const second = await viewer.call('GET', `/${id}/versions?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
  });

  it('pages a record’s files, newest first, with a cursor that is good for this list alone', async () => {
    const own = a.deals['member-private'] as string;
    const made: string[] = [];
    for (const name of ['1', '2', '3']) made.unshift((await member.announce(NOTE, own, { name })).body.id);
    const of = `?resourceType=deal&resourceId=${own}&limit=2`;
    const first = await member.call('GET', of);
    const second = await member.call('GET', `${of}&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...second.body.items].map((file: { id: string }) => file.id);
    expect([ids, second.body.nextCursor]).toEqual([made, null]);
    expect(first.headers.get('link')).toContain('rel="next"');
    expectProblem(await member.call('GET', `?limit=2&cursor=${first.body.nextCursor}`), 400, 'cursor_invalid');
  });

  it('takes one in parts', async () => {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(6 * MIB)]);
    const more = { contentType: 'application/pdf', name: 'big.pdf', parts: 2 };
    const { status, body } = await member.announce(bytes, deal, more);
    expect([status, body.upload.partSize]).toEqual([201, 5 * MIB]);
    expect(body.upload.parts.map((part: { size: number }) => part.size)).toEqual([5 * MIB, bytes.length - 5 * MIB]);
    const parts: { number: number; etag: string }[] = [];
    for (const part of body.upload.parts) {
      const from = (part.number - 1) * body.upload.partSize;
      const answer = await member.send(part, bytes.subarray(from, from + part.size));
      parts.push({ number: part.number, etag: answer.headers.get('etag') ?? '' });
    }
    expectProblem(await member.complete(body.id), 422, 'parts_mismatch');
    const wrong = [{ number: 1, etag: '"wrong"' }, parts[1]];
    if (store === 'disk') expectProblem(await member.complete(body.id, { parts: wrong }), 409, 'invalid_parts'); // not compared by the test's S3
    expect((await member.complete(body.id, { parts })).body).toMatchObject({ status: 'ready', size: bytes.length });
    expect((await member.complete(body.id, { parts })).status).toBe(200);
    const got = await read((await viewer.download(body.id)).url);
    expect(bytes.equals(got.content)).toBe(true);
  }, 30_000);

  it.each([
    ['other bytes', Buffer.from('Signed on Sunday!!\n'), NOTE, 'text/plain', 'checksum_mismatch'],
    ['HTML as text', Buffer.from('<script>alert(1)</script>'), undefined, 'text/plain', 'content_type_mismatch'],
    ['SVG as text', Buffer.from('<svg onload="alert(1)"/>'), undefined, 'text/plain', 'content_type_mismatch'],
    ['HTML as a picture', Buffer.from('<!doctype html><p>'), undefined, 'image/png', 'content_type_mismatch'],
    ['a picture as a PDF', PNG, undefined, 'application/pdf', 'content_type_mismatch'],
    ['nothing as a picture', Buffer.from(''), undefined, 'image/png', 'content_type_mismatch'],
  ])(
    'refuses %s and discards it: the bytes, and row and room once its URL is dead',
    async (_, bytes, claimed, contentType, code) => {
      const before = await usage();
      const { body } = await member.announce(claimed ?? bytes, deal, { contentType });
      // past the disk's own check: what a store does not compare, we do
      const [row] = await db.look<{ key: string }>(
        'select upload_key as key from app.file_versions where file_id = $1',
        [body.id],
      );
      await stage.driver.write(row?.key ?? '', Readable.from([bytes]), { contentType });
      expectProblem(await member.complete(body.id), 422, code);
      for (const [method, path] of [['GET', ''], ['GET', '/versions'], ['POST', '/complete'], ['POST', '/restore']] as const)
      expectProblem(await member.call(method, `/${body.id}${path}`), 404, 'not_found'); // prettier-ignore
      expect([await objects(body.id), await usage()]).toEqual([[], before + LEAST]);
      expect(await actionsOn(body.id)).toEqual(['file.created', 'file.rejected']);
      // what is sent once more, by the same URL, goes with the row
      if (claimed === undefined) expect((await member.send(body.upload, bytes)).status).toBe(200);
      await swept(body.id);
      expect([await objects(body.id), await usage()]).toEqual([[], before]);
      expect(await db.look('select from app.files where id = $1', [body.id])).toEqual([]);
    },
  );

  it('is completed by one: whoever took too long answers 409, and what was moved is neither written over nor deleted', async () => {
    const made = await member.announce(NOTE, deal);
    const { id, upload } = made.body;
    await member.send(upload, NOTE);
    const own = stage.driver.read.bind(stage.driver);
    const late = Promise.withResolvers<unknown>();
    const reached = Promise.withResolvers<unknown>();
    const wrong = Buffer.from('x'.repeat(NOTE.length));
    stage.driver.read = async () => {
      stage.driver.read = own;
      reached.resolve(undefined);
      await late.promise;
      return Readable.from([wrong]); // so that it would discard
    };
    const first = member.complete(id);
    await reached.promise;
    const [row] = await db.look<{ key: string }>('select upload_key as key from app.file_versions where file_id = $1', [
      id,
    ]);
    await stage.driver.write(row?.key ?? '', Readable.from([wrong]), { contentType: 'text/plain' }); // by the same URL
    await withAdmin(
      db,
      `update app.file_versions set checking_since = now() - interval '16 minutes' where file_id = $1`,
      [id],
    );
    expect((await member.complete(id)).body).toMatchObject({ status: 'ready' });
    late.resolve(undefined);
    expectProblem(await first, 409, 'file_state');
    expect((await read((await member.download(id)).url)).content.toString()).toBe(NOTE.toString());
    expect(await actionsOn(id)).toEqual(['file.created', 'file.completed', 'file.downloaded']);
  });

  it('refuses bytes of another size and discards them; older versions stay', async () => {
    const id = await member.made(NOTE, deal);
    for (const [bytes, code] of [
      [Buffer.from('short'), 'content_incomplete'],
      [Buffer.alloc(90, 'x'), 'content_too_large'],
    ] as const) {
      // prettier-ignore
      await member.call('POST', `/${id}/versions`, { contentType: 'text/plain', size: 50, sha256: '0'.repeat(64) });
      const [row] = await db.look<{ key: string }>(
        `select upload_key as key from app.file_versions where file_id = $1 and status = 'pending'`,
        [id],
      );
      await stage.driver.write(row?.key ?? '', Readable.from([bytes]), { contentType: 'text/plain' });
      expectProblem(await member.complete(id), 422, code);
    }
    expect((await member.call('GET', `/${id}`)).body).toMatchObject({ version: 1, status: 'ready' });
    expect(await objects(id)).toHaveLength(1);
  });

  it('refuses what is no file before a byte has moved', async () => {
    for (const contentType of [
      'text/html',
      'image/svg+xml',
      'application/xhtml+xml',
      'TEXT/PLAIN',
      'text/plain; charset=x',
    ])
      expectProblem(await member.announce(NOTE, deal, { contentType }), 422, 'content_type_not_allowed');
    expectProblem(await member.announce(NOTE, deal, { size: 1024 ** 3 + 1 }), 422, 'file_too_large');
    for (const wrong of [
      { name: 'a\r\nb' },
      { name: 'a\u0000' },
      { name: ' ' },
      { name: 'x'.repeat(256) },
      { sha256: 'X' },
      { size: -1 },
      { size: 1.5 },
      { size: '1' },
      { parts: 0 },
      { parts: 1001 },
      { tenantId: a.id },
      { resourceId: 'x' },
    ])
      // prettier-ignore
      expect((await member.announce(NOTE, deal, wrong)).status).toBe(400);
    expectProblem(await member.announce(NOTE, deal, { resourceType: 'tenant' }), 404, 'not_found');
    expectProblem(await member.call('GET', '?resourceType=deal'), 400, 'validation_failed');
  });

  it('takes a file of no bytes, and any name that is one, which comes back as a safe header', async () => {
    const id = await member.made(Buffer.from(''), deal, { name: 'empty.txt' });
    expect((await read((await viewer.download(id)).url)).content).toHaveLength(0);
    const names = [
      'a"b\';c.txt',
      '../../etc/passwd',
      'Angebot für Müller – 報告.txt',
      'gpj.\u202etxt',
      '%0d%0aSet-Cookie: a=b',
    ];
    for (const name of names) {
      const file = await member.made(NOTE, deal, { name });
      expect((await viewer.call('GET', `/${file}`)).body.name).toBe(name);
      const { url } = await viewer.download(file);
      // the test's S3 takes no apostrophe in a query: there, what the store is told to answer
      const told = new URL(url).searchParams.get('response-content-disposition');
      const disposition = told ?? (await read(url)).headers.get('content-disposition') ?? '';
      expect(disposition).toMatch(/^attachment; filename=/);
      // one line of printable ASCII, without a path or a change of direction
      expect(disposition).toMatch(/^[\x20-\x7e]+$/);
      const [, extended = ''] = disposition.split("filename*=UTF-8''");
      expect(decodeURIComponent(extended)).not.toMatch(/[/\\\u202e\r\n]/);
    }
  });

  it('shows inline what is safe to show, and nothing else', async () => {
    const picture = await member.made(PNG, deal, { name: 'a.png', contentType: 'image/png' });
    const note = await member.made(NOTE, deal);
    const shown = async (id: string, query: string) =>
      (await read((await viewer.download(id, query)).url)).headers.get('content-disposition')?.split(';')[0];
    expect(
      await Promise.all([shown(picture, '?inline=true'), shown(picture, ''), shown(note, '?inline=true')]),
    ).toEqual(['inline', 'attachment', 'attachment']);
  });

  it('completes once, however many ask at once', async () => {
    const id = await member.sent(NOTE, deal);
    const answers = await Promise.all(Array.from({ length: 4 }, () => member.complete(id)));
    expect(answers.map(({ status }) => status)).toContain(200);
    for (const answer of answers) if (answer.status !== 200) expectProblem(answer, 409, 'file_state');
    expect((await viewer.call('GET', `/${id}`)).body.status).toBe('ready');
    expect((await objects(id)).length).toBe(1);
  });

  it('a URL lives as long as it says, and not longer', async () => {
    const id = await member.made(NOTE, deal);
    const { url } = await viewer.download(id);
    expect((await read(url)).status).toBe(200);
    if (store === 's3') return; // the store's clock is its own; the URL says how long
    stage.clock.offset = 61_000;
    expect((await read(url)).status).toBe(403);
    stage.clock.offset = 0;
  });
});
