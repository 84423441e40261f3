/** What a delivery tells, once it is verified. */
export interface WebhookEvent<Data = unknown> {
  /** `deal.created`, for instance */
  type: string;
  /** ISO 8601: when it happened, not when it was sent */
  timestamp: string;
  data: Data;
}

export interface Delivery {
  /** the body as it came, byte for byte: parsing and writing it again changes it */
  body: string | Uint8Array;
  /** of the request: Node's `request.headers`, or a `Headers` */
  headers: Headers | Record<string, string | string[] | undefined>;
  /** `whsec_...`; several while one replaces another */
  secret: string | readonly string[];
  /** how old or early a delivery may be, in seconds. Default 300 */
  toleranceSeconds?: number;
}

/** Not to be trusted: answer 400 and do nothing. `reason` is for the log. */
export class WebhookVerificationError extends Error {
  override name = 'WebhookVerificationError';
  constructor(readonly reason: 'header_missing' | 'timestamp_out_of_range' | 'signature_wrong' | 'body_not_json') {
    super(`Webhook refused: ${reason}`);
  }
}

/**
 * Checks signature and time of a delivery (Standard Webhooks, HMAC-SHA256) and gives its event. A delivery may come more
 * than once: remember the header `webhook-id`, `id` in what this answers, for a day or longer.
 * @throws WebhookVerificationError for a delivery that is not genuine; TypeError for a secret that is none
 */
export async function verifyWebhook<Data = unknown>({
  body,
  headers,
  secret,
  toleranceSeconds = 300,
}: Delivery): Promise<WebhookEvent<Data> & { id: string }> {
  const keys = await Promise.all((typeof secret === 'string' ? [secret] : secret).map(keyOf));
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const age = /^\d{1,12}$/.test(timestamp) ? Math.abs(Date.now() / 1000 - Number(timestamp)) : Infinity;
  if (age > toleranceSeconds) throw new WebhookVerificationError('timestamp_out_of_range');
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const signatures = headerOf(headers, 'webhook-signature').split(' ').slice(0, MOST_SIGNATURES).flatMap(signatureOf);
  const pairs = keys.flatMap((key) => signatures.map((signature) => ({ key, signature })));
  // `verify` compares in constant time
  const right = await Promise.all(
    pairs.map(({ key, signature }) => crypto.subtle.verify('HMAC', key, signature, signed)),
  );
  if (!right.includes(true)) throw new WebhookVerificationError('signature_wrong');
  return { ...eventOf<Data>(bytes), id };
}

const MOST_SIGNATURES = 10;

function headerOf(headers: Delivery['headers'], name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value !== 'string' || value === '') throw new WebhookVerificationError('header_missing');
  return value;
}

type Key = Parameters<typeof crypto.subtle.verify>[1];

async function keyOf(secret: string): Promise<Key> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ''));
  if (!bytes || bytes.length === 0) throw new TypeError('The webhook secret is not whsec_ and base64.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** `v1,<base64>`; of other versions nothing is known. */
function signatureOf(entry: string): Uint8Array<ArrayBuffer>[] {
  const bytes = entry.startsWith('v1,') ? bytesOf(entry.slice(3)) : undefined;
  return bytes ? [bytes] : [];
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function eventOf<Data>(bytes: Uint8Array): WebhookEvent<Data> {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as WebhookEvent<Data>;
  } catch {
    throw new WebhookVerificationError('body_not_json');
  }
}
