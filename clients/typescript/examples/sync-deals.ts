/*
 * Keeps a copy of a tenant's deals up to date: all of them at the start, then each one that a webhook tells of.
 * Needs a key with deal:read, and a webhook for the deal events (https://.../webhooks) with its secret.
 *
 *     RINGFENCE_URL=https://api.example.com RINGFENCE_API_KEY=rf_... RINGFENCE_WEBHOOK_SECRET=whsec_... node sync-deals.ts
 */
import { createRingfence, type DealView, pages, ProblemError, verifyWebhook } from '@ringfence/client';
import { createServer, type IncomingMessage } from 'node:http';

const { RINGFENCE_URL = '', RINGFENCE_API_KEY, RINGFENCE_WEBHOOK_SECRET = '', PORT = '4000' } = process.env;
const ringfence = createRingfence({ baseUrl: RINGFENCE_URL, apiKey: RINGFENCE_API_KEY });
const copy = new Map<string, DealView>(); // your database
const handled = new Set<string>(); // there, too: ids of deliveries, for a day

let last: Promise<unknown> = Promise.resolve();
/** One after the other: an answer that is older than the copy never overwrites it. */
const inTurn = (work: () => Promise<void>): Promise<void> => {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
};

/** What counts is what the API says now, so that deliveries may come late, twice or in another order. */
async function refresh(id: string): Promise<void> {
  try {
    const { data } = await ringfence.getDeal({ path: { id } });
    copy.set(id, data);
  } catch (error) {
    if (!(error instanceof ProblemError && error.status === 404)) throw error;
    copy.delete(id); // deleted, or not for this key's eyes any more
  }
  console.log(`${id} ${copy.get(id)?.stage ?? 'gone'}`);
}

async function refreshAll(): Promise<void> {
  const gone = new Set(copy.keys());
  for await (const deal of pages((page) => ringfence.listDeals({ query: { ...page, limit: 100 } }))) {
    copy.set(deal.id, deal);
    gone.delete(deal.id);
  }
  for (const id of gone) copy.delete(id);
  console.log(`${copy.size} deals`);
}

async function receive(request: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const delivery = { body: Buffer.concat(chunks), headers: request.headers, secret: RINGFENCE_WEBHOOK_SECRET };
  const event = await verifyWebhook<{ targetId: string }>(delivery).catch(() => undefined);
  if (!event) return 400;
  if (handled.has(event.id)) return 204;
  if (event.type.startsWith('deal.')) await inTurn(() => refresh(event.data.targetId));
  handled.add(event.id); // last: what failed is delivered again
  return 204;
}

const server = createServer((request, response) => {
  receive(request).then(
    (status) => response.writeHead(status).end(),
    (error: unknown) => {
      console.error(String(error));
      response.writeHead(500).end();
    },
  );
});
server.listen(Number(PORT), () => console.log(`listens on ${PORT}`));
await inTurn(refreshAll); // after listening: what happens meanwhile waits its turn
