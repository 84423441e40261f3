import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { contentTooLarge, DomainError } from '../../../errors/index.js';
import { checksumMismatch, contentIncomplete } from '../storage.problems.js';

export interface Expected {
  size?: number;
  /** lower-case hex */
  sha256?: string;
}

export class SizeMismatchError extends DomainError {
  constructor(more: boolean) {
    if (more) super(contentTooLarge, 'The content is larger than was announced.');
    else super(contentIncomplete);
  }
}

export class ChecksumMismatchError extends DomainError {
  constructor() {
    super(checksumMismatch);
  }
}

/**
 * Lets bytes through and counts and hashes them. Fails as soon as there is one too many, and at the end when there are too
 * few or they are others, so that whatever reads from it never sees the end of a wrong content.
 */
export class Measure extends Transform {
  private readonly hash = createHash('sha256');
  /** so far; not `size`, by which an SDK would take the stream for a file of that length */
  bytes = 0;
  /** lower-case hex; set when all has gone through */
  sha256 = '';

  constructor(private readonly expected: Expected = {}) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.expected.size !== undefined && this.bytes > this.expected.size) return done(new SizeMismatchError(true));
    this.hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const { size, sha256 } = this.expected;
    this.sha256 = this.hash.digest('hex');
    if (size !== undefined && this.bytes < size) return done(new SizeMismatchError(false));
    if (sha256 !== undefined && this.sha256 !== sha256) return done(new ChecksumMismatchError());
    done();
  }
}
