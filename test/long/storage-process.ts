import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Clock } from '../../src/context/index.js';
import { inspect } from '../../src/modules/storage/index.js';
import type { S3Options } from '../../src/modules/storage/drivers/s3/s3-client.js';
import { s3Driver } from '../support/s3-server.js';
import { anyKey } from '../support/transfer.js';
import { contentOf } from '../support/large.js';

/** Puts and inspects an object of so many bytes over the S3 driver. Says by how many bytes memory grew at most. */
const options = JSON.parse(process.argv[2] as string) as S3Options;
const driver = s3Driver(options, new Clock());
const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;

async function round(size: number): Promise<void> {
  const key = anyKey();
  const hash = createHash('sha256');
  for (const piece of contentOf(size)) hash.update(piece);
  const announced = { contentType: 'text/plain', size, sha256: hash.digest('hex') };
  await driver.write(key, Readable.from(contentOf(size)), announced);
  await inspect(await driver.read(key), announced);
}

await round(24_000_000); // what loads once, and the buffers of a few parts
const before = peak();
await round(Number(process.argv[3]));
process.stdout.write(String(peak() - before));
process.exit(0);
