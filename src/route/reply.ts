import { etagOf } from './etag.js';

/** A body with headers of its own. The transaction interceptor writes both, so that no controller touches the response. */
export class Reply<T> {
  constructor(
    readonly body: T,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

export const reply = <T>(body: T, headers: Readonly<Record<string, string>>): Reply<T> => new Reply(body, headers);

/** A record with the ETag of its version. `more`: further headers */
export const tagged = <T>({ record, version }: { record: T; version: number }, more = {}): Reply<T> =>
  new Reply(record, { ETag: etagOf(version), ...more });

/** Headers of what is for the one who asked alone, tokens first of all: no cache keeps it. */
export const PRIVATE: Readonly<Record<string, string>> = { 'Cache-Control': 'no-store' };
