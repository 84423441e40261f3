import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { RequestContext } from '../context/index.js';
import { defineProblem } from '../errors/index.js';
import { TextField, WholeNumberParameter } from './fields/index.js';

export const cursorInvalid = defineProblem('cursor_invalid', {
  status: 400,
  meaning: 'This cursor does not belong to this list: it was made for another tenant, filter or order, or not here.',
  todo: 'Start without one.',
});

/** The parameters of every list. */
export class PageQuery {
  @WholeNumberParameter({ min: 1, max: 100, default: 20, optional: true, description: 'How many items at most.' })
  limit: number = 20;

  @TextField({ max: 600, optional: true, description: 'nextCursor of the page before; opaque.' })
  cursor?: string;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** null: this is the last page */
  nextCursor: string | null;
}

/** What a cursor is good for: another tenant, filter or sort makes it void. */
export interface CursorScope {
  tenantId: string;
  /** the list and its filter and sort, in any stable form */
  list: string;
}

/** The scope of a list of one's tenant, newest first. @param filter what it is filtered by */
export const newestFirst = ({ principal }: RequestContext, list: string, filter: object): CursorScope => ({
  tenantId: principal.tenantId ?? '',
  list: JSON.stringify([list, 'id desc', filter]),
});

const MAC_BYTES = 16;

/** Signed, opaque positions in a keyset list. */
export class Cursors {
  private readonly key: KeyObject;

  constructor(key: Buffer) {
    this.key = createSecretKey(key);
  }

  /** @param after key of the last item shown */
  seal(after: string, scope: CursorScope): string {
    const position = Buffer.from(after, 'utf8');
    return Buffer.concat([this.mac(position, scope), position]).toString('base64url');
  }

  /** @throws DomainError 400 `cursor_invalid` for one that was not made here, or for another list */
  open(cursor: string, scope: CursorScope): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(MAC_BYTES);
    const genuine =
      bytes.length > MAC_BYTES &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.mac(position, scope));
    if (!genuine) throw cursorInvalid();
    return position.toString('utf8');
  }

  /**
   * One page of a list that is read by its key.
   * @param read so many rows at most, after the one with that key (undefined: from the start)
   * @param keyOf what a row is ordered by, as text
   */
  async page<T>(
    { limit, cursor }: PageQuery,
    scope: CursorScope,
    read: (limit: number, after: string | undefined) => Promise<T[]>,
    keyOf: (item: T) => string,
  ): Promise<Page<T>> {
    const rows = await read(limit + 1, cursor === undefined ? undefined : this.open(cursor, scope));
    const items = rows.slice(0, limit); // one more tells whether there is a next page
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? this.seal(keyOf(last), scope) : null };
  }

  private mac(position: Buffer, scope: CursorScope): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([scope.tenantId, scope.list]))
      .update('\0')
      .update(position)
      .digest()
      .subarray(0, MAC_BYTES);
  }
}

/** The Link header of a page (RFC 8288): the same request with the next cursor. Empty on the last page. */
export function nextLink(request: { path: string; query: unknown }, nextCursor: string | null): Record<string, string> {
  if (nextCursor === null) return {};
  const parameters = new URLSearchParams(request.query as Record<string, string>);
  parameters.set('cursor', nextCursor);
  return { Link: `<${request.path}?${parameters.toString()}>; rel="next"` };
}
