import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../../src/context/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/modules/storage/index.js';
import { type Answer, startApp, type TestApp } from './app.js';
import { assertByContract } from './contract.js';
import type { TestDatabase } from './database.js';
import { s3Driver, s3Server } from './s3-server.js';
import { MovableClock } from './stores.js';

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A picture of one pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A response with its bytes: one that is not read to the end keeps its connection. */
export type Got = Response & { content: Buffer };

/** Follows a URL to its end. */
export async function read(url: string, init?: RequestInit): Promise<Got> {
  const response = await fetch(url, init);
  return Object.assign(response, { content: Buffer.from(await response.arrayBuffer()) });
}

/** The application over one of the two stores, and the way to where its URLs lead. */
export interface FileStage {
  app: TestApp;
  driver: StorageDriver;
  clock: MovableClock;
  reach(url: string): string;
}

/** @param change of the driver: to make it fail, for instance */
export async function fileStage(
  db: TestDatabase,
  store: 'disk' | 's3',
  env: Record<string, string> = {},
  imports: unknown[] = [],
): Promise<FileStage> {
  const clock = new MovableClock();
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-files-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  const s3 = store === 's3' ? await s3Server() : undefined;
  if (s3) db.beforeDrop(s3.close);
  const app = await startApp(
    db,
    { STORAGE_DIR: folder, ...env },
    (builder) => {
      const timed = builder.overrideProvider(Clock).useValue(clock);
      return s3 ? timed.overrideProvider(STORAGE_DRIVER).useValue(s3Driver(s3.options, clock)) : timed;
    },
    imports,
  );
  const driver = app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
  const reach = (url: string): string => (s3 ? url : app.url + new URL(url).pathname + new URL(url).search);
  return { app, driver, clock, reach };
}

/** What a client announces of bytes that it has. */
export const announced = (bytes: Buffer, resourceId: string, more: object = {}): Record<string, unknown> => ({
  name: 'note.txt',
  contentType: 'text/plain',
  size: bytes.length,
  sha256: sha256Of(bytes),
  resourceType: 'deal',
  resourceId,
  ...more,
});

interface Signed {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/** What one person does with files. */
export class FileCalls {
  constructor(
    private readonly stage: FileStage,
    readonly token: string,
  ) {}

  call<Body = any>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    return this.stage.app.call<Body>(method, `/v1/files${path}`, { token: this.token, body });
  }

  announce(bytes: Buffer, resourceId: string, more?: object): Promise<Answer> {
    return this.call('POST', '', announced(bytes, resourceId, more));
  }

  /** Follows an upload URL. */
  async send({ method, url, headers }: Signed, bytes: Buffer): Promise<Got> {
    return read(this.stage.reach(url), { method, headers, body: new Uint8Array(bytes) });
  }

  /** Announced and sent. @returns its id */
  async sent(bytes: Buffer, resourceId: string, more?: object): Promise<string> {
    const { status, body, text } = await this.announce(bytes, resourceId, more);
    if (status !== 201) throw new Error(`announce: ${status} ${text}`);
    const { status: taken } = await this.send(body.upload, bytes);
    if (taken !== 200) throw new Error(`upload: ${taken}`);
    return body.id;
  }

  complete(id: string, body: object = {}): Promise<Answer> {
    return this.call('POST', `/${id}/complete`, body);
  }

  /** Announced, sent and completed. @returns its id */
  async made(bytes: Buffer, resourceId: string, more?: object): Promise<string> {
    const id = await this.sent(bytes, resourceId, more);
    const { status, text } = await this.complete(id);
    if (status !== 200) throw new Error(`complete: ${status} ${text}`);
    return id;
  }

  /** The URL that a download leads to, or the refusal. */
  async download(id: string, query = ''): Promise<{ status: number; headers: Headers; url: string; body: any }> {
    const path = `/v1/files/${id}/download${query}`;
    const response = await fetch(this.stage.app.url + path, {
      headers: { authorization: `Bearer ${this.token}` },
      redirect: 'manual',
    });
    const location = response.headers.get('location');
    const text = await response.text();
    const { status, headers } = response;
    const body: unknown = text && JSON.parse(text);
    assertByContract({ method: 'GET', path, status, headers, body, text });
    return { status, headers, url: location ? this.stage.reach(location) : '', body };
  }
}
