/** A page of a list, as the calls answer with it. */
interface Answer<Item> {
  data: { items: Item[]; nextCursor: string | null };
}

/**
 * Every item of a list, page after page, each page asked for when the one before is used up.
 *
 *     for await (const deal of pages((page) => ringfence.listDeals({ query: { ...page, stage: 'won' } }))) { ... }
 *
 * @param list asks for one page; hand its argument on in `query`
 * @param from a `nextCursor` to go on from
 */
export async function* pages<Item>(
  list: (page: { cursor?: string }) => Promise<Answer<Item>>,
  from?: string,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null | undefined = from;
  do {
    const { data } = await list(cursor === undefined ? {} : { cursor });
    yield* data.items;
    cursor = data.nextCursor;
  } while (cursor !== null);
}
