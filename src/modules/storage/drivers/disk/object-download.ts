import { Injectable, StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Clock } from '../../../../context/index.js';
import { notFound, versionMismatch } from '../../../../errors/index.js';
import { rangeNotSatisfiable } from '../../../../errors/index.js';
import { ObjectMissingError } from '../storage-driver.js';
import { DiskDriver } from './disk.driver.js';
import type { OpenObject } from './object-files.js';
import type { DownloadGrant } from './signed-urls.js';
import { TransferLimits, UnderWay } from './transfer-limits.js';

/** Of somebody's file, under our own address: it runs nothing, is taken for nothing else, and no cache keeps it. */
const GUARDED: Readonly<Record<string, string>> = {
  'Cache-Control': 'private, no-store',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Accept-Ranges': 'bytes',
};

/** Answers what a download URL permits: conditions (RFC 9110 section 13), one range (section 14), HEAD. */
@Injectable()
export class ObjectDownload {
  private readonly underWay = new UnderWay();

  constructor(
    private readonly driver: DiskDriver,
    private readonly limits: TransferLimits,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError 404, 412, 416, 429 with Retry-After; StorageUnavailableError */
  async send(grant: DownloadGrant, request: Request, response: Response): Promise<StreamableFile | undefined> {
    const { downloads, downloadsOfKey } = this.limits;
    const end = this.underWay.begin(new Map([['', downloads], [grant.key, downloadsOfKey]])); // prettier-ignore
    if (response.destroyed) end();
    else response.once('close', end);
    const object = await this.driver.files.open(grant.key).catch((error: unknown) => {
      throw error instanceof ObjectMissingError ? notFound() : error;
    });
    try {
      const file = respond(object, grant, request, response);
      if (file) this.bound(grant, response);
      else await object.handle.close();
      return file;
    } catch (error) {
      await object.handle.close();
      throw error;
    }
  }

  /** Whoever does not read what they asked for holds a connection and an open file: it ends. */
  private bound({ expires }: DownloadGrant, response: Response): void {
    const { idle, downloadAfterExpiry } = this.limits;
    const stop = (): void => void response.destroy();
    response.setTimeout(idle, stop);
    const last = setTimeout(stop, expires * 1000 - this.clock.now() + downloadAfterExpiry).unref();
    response.once('close', () => clearTimeout(last));
  }
}

function respond(object: OpenObject, grant: DownloadGrant, request: Request, response: Response) {
  const { size, etag } = object;
  response.set({ ...GUARDED, ETag: etag });
  assertMatches(request, etag);
  if (request.fresh) {
    response.status(304);
    return undefined;
  }
  const range = rangeOf(request, response, object);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.set({
    'Content-Type': grant.contentType,
    'Content-Disposition': grant.disposition,
    'Content-Length': String(end - start + 1),
  });
  if (range) response.status(206).set('Content-Range', `bytes ${start}-${end}/${size}`);
  return request.method === 'HEAD' ? undefined : streamed(object, response, range);
}

function streamed({ handle }: OpenObject, response: Response, range?: ByteRange): StreamableFile {
  const stream = handle.createReadStream(range);
  response.once('close', () => stream.destroy()); // also when something fails before a byte has gone
  const file = new StreamableFile(stream);
  // a failure breaks the connection: a clean end would look like the end of the file
  file.setErrorHandler(() => void response.destroy());
  return file;
}

/** If-Match, by strong comparison. */
function assertMatches({ headers }: Request, etag: string): void {
  const given = headers['if-match'];
  if (given === undefined || given.trim() === '*' || tagsIn(given).includes(etag)) return;
  throw versionMismatch('The content is another one than you have.');
}

/**
 * The one range that is asked for. Several, another unit, or a condition that does not hold (If-Range: only our ETag, and
 * strong; a date never, since none is given out): the whole, as the standard allows.
 * @throws DomainError 416
 */
function rangeOf(request: Request, response: Response, { size, etag }: OpenObject): ByteRange | undefined {
  const condition = request.get('if-range');
  if (request.method !== 'GET' || (condition !== undefined && condition.trim() !== etag)) return undefined;
  const [, from, to, suffix] = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/i.exec(request.get('range')?.trim() ?? '') ?? [];
  if (from === undefined && suffix === undefined) return undefined;
  const start = from === undefined ? Math.max(size - Number(suffix), 0) : Number(from);
  const end = from !== undefined && to ? Number(to) : Infinity;
  if (end < start) return undefined;
  if (start < size) return { start, end: Math.min(end, size - 1) };
  response.set('Content-Range', `bytes */${size}`);
  throw rangeNotSatisfiable();
}

/** Positions of the first byte and the last. */
interface ByteRange {
  start: number;
  end: number;
}

const tagsIn = (header: string): string[] => header.split(',').map((tag) => tag.trim());
