import { fileTypeFromBuffer } from 'file-type';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { Measure } from '../drivers/measure.js';
import { contentTypeMismatch, contentTypeNotAllowed } from '../storage.problems.js';
import { ALLOWED_TYPES, isText } from './content-types.js';

export interface Announced {
  contentType: string;
  size: number;
  /** lower-case hex */
  sha256: string;
}

/** What is sniffed at: enough for the directory entries of an office document. */
const SAMPLE_BYTES = 256 * 1024;
/** A tag, a comment, a declaration or a processing instruction where content begins: HTML, SVG, XML. */
const MARKUP = /^[\s\ufeff]*<[a-z!?/]/i;

/** @throws DomainError 422 for a type that is not stored */
export function assertAllowedType(contentType: string): void {
  if (ALLOWED_TYPES.has(contentType)) return;
  throw contentTypeNotAllowed();
}

/**
 * Reads stored bytes once, to the end, and says whether they are what was announced: size, SHA-256, and a type that is
 * allowed and that the content bears out.
 * @throws SizeMismatchError, ChecksumMismatchError; DomainError 422 for the type; whatever the stream throws
 */
export async function inspect(content: Readable, announced: Announced): Promise<void> {
  const text = isText(announced.contentType);
  const sample: Buffer[] = [];
  let sampled = 0;
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const look = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (sampled < SAMPLE_BYTES) sample.push(chunk.subarray(0, SAMPLE_BYTES - sampled));
      sampled += chunk.length;
      done(text && !isPlain(chunk, utf8) ? contentTypeMismatch() : null);
    },
    final(done) {
      done(text && !endsPlain(utf8) ? contentTypeMismatch() : null);
    },
  });
  try {
    assertAllowedType(announced.contentType);
    await pipeline(content, new Measure(announced), look);
  } finally {
    content.destroy();
  }
  await assertSniffed(Buffer.concat(sample), announced.contentType);
}

async function assertSniffed(sample: Buffer, contentType: string): Promise<void> {
  const sniffed = (await fileTypeFromBuffer(sample))?.mime;
  if (!isText(contentType)) {
    if (sniffed !== contentType) throw contentTypeMismatch();
  } else if (sniffed !== undefined || MARKUP.test(sample.subarray(0, 4096).toString('utf8')))
    throw contentTypeMismatch();
}

/** No NUL, and whole characters; one that a chunk cuts is finished by the next. */
function isPlain(chunk: Buffer, utf8: TextDecoder): boolean {
  if (chunk.includes(0)) return false;
  try {
    utf8.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function endsPlain(utf8: TextDecoder): boolean {
  try {
    utf8.decode();
    return true;
  } catch {
    return false;
  }
}
