import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KeyRing } from '../../src/config/index.js';
import { Clock } from '../../src/context/index.js';
import { SignedUrls } from '../../src/modules/storage/drivers/disk/signed-urls.js';
import { useDatabase } from '../support/database.js';
import { contentOf } from '../support/large.js';
import { ServerProcess } from '../support/server-process.js';
import { s3Server } from '../support/s3-server.js';
import { anyKey } from '../support/transfer.js';

const SIZE = 200_000_000;
/** a third of what goes through: the collector takes its time on a busy machine */
const GROWTH = 64 * 1024 * 1024;
const { db } = useDatabase();

const sha256Of = (size: number): string => {
  const hash = createHash('sha256');
  for (const piece of contentOf(size)) hash.update(piece);
  return hash.digest('hex');
};

describe('200 MB', () => {
  it('go up to the disk and come down, to a slow reader too, without growing the server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringfence-large-'));
    const ringFile = join(folder, 'ring.json');
    await KeyRing.loadOrCreate(ringFile);
    const server = await ServerProcess.start(db, { KEY_RING_FILE: ringFile, STORAGE_DIR: folder });
    try {
      const urls = new SignedUrls(server.url, await KeyRing.load(ringFile), new Clock());
      const expires = Math.floor(Date.now() / 1000) + 3_600;
      const peak = (): number => {
        const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
        return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
      };
      const round = async (size: number): Promise<void> => {
        const [key, sha256] = [anyKey(), sha256Of(size)];
        const up = urls.urlOf({ method: 'PUT', key, expires, contentType: 'text/plain', size, sha256 });
        expect(await send(up, size)).toBe(200);
        const down = urls.urlOf({ method: 'GET', key, expires, contentType: 'text/plain', disposition: 'attachment' });
        expect(await fetched(down)).toEqual([size, sha256]);
      };
      await round(24_000_000);
      const before = peak();
      await round(SIZE);
      expect(peak() - before).toBeLessThan(GROWTH);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('are written to S3 and inspected without growing the process', async () => {
    const { options, close } = await s3Server();
    try {
      const args = ['--import', './test/support/ts-hooks.mjs', 'test/long/storage-process.ts', JSON.stringify(options)];
      const { stdout } = await promisify(execFile)(process.execPath, [...args, String(SIZE)]);
      expect(Number(stdout)).toBeLessThan(GROWTH);
      expect(stdout).toMatch(/^\d+$/);
    } finally {
      await close();
    }
  });
});

async function send(url: string, size: number): Promise<number | undefined> {
  const headers = { 'content-type': 'text/plain', 'content-length': String(size) };
  const outgoing = request(url, { method: 'PUT', headers, agent: false });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    outgoing.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
  });
  await pipeline(Readable.from(contentOf(size)), outgoing);
  return answered;
}

/** Stops for a while in the middle: what the server reads meanwhile, it would have to keep. */
function fetched(url: string): Promise<[size: number, sha256: string]> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false }, (answer) => {
      void (async () => {
        const hash = createHash('sha256');
        let size = 0;
        for await (const piece of answer as AsyncIterable<Buffer>) {
          if (size === 0) await pause(2_000);
          size += piece.length;
          hash.update(piece);
        }
        return [size, hash.digest('hex')] as [number, string];
      })().then(resolve, reject);
    });
    asked.on('error', reject).end();
  });
}
