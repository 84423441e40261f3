import type { Readable } from 'node:stream';
import { DomainError } from '../../../errors/index.js';
import { causeOf } from '../cause.js';
import { contentNotScannable, scannerUnavailable } from '../storage.problems.js';

/** Injects the Scanner that CLAMD_URL names; undefined without one: then nothing is scanned. */
export const ANTIVIRUS = Symbol('ANTIVIRUS');

/** `signature` is the scanner's name for what it found. */
export type Verdict = { clean: true } | { clean: false; signature: string };

/** What looks for malware in content. It holds none of it in memory, and a content that was not looked at whole is never clean. */
export interface Scanner {
  /**
   * Reads the content to its end, or destroys it.
   * @param signal gives up; its reason is thrown
   * @throws ScannerUnavailableError, ContentNotScannableError; whatever the stream throws
   */
  scan(content: Readable, signal?: AbortSignal): Promise<Verdict>;
  /** @throws ScannerUnavailableError unless it answers now */
  ready(): Promise<void>;
}

/** 503 with Retry-After: nothing is known of the content, and it may be in a moment. The cause is for the log. */
export class ScannerUnavailableError extends DomainError {
  constructor(cause: unknown) {
    super(scannerUnavailable, undefined, { cause });
    // the log of problems shows the message, and callers none of it
    this.message = `scanner_unavailable: ${causeOf(cause)}`;
  }
}

/** 422: the scanner will never say of this content that it is clean, since it is larger than the scanner takes. */
export class ContentNotScannableError extends DomainError {
  constructor() {
    super(contentNotScannable);
  }
}
