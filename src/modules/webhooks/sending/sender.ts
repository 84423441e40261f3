import { Injectable } from '@nestjs/common';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { hostOf, refusalOf } from '../webhook-url.js';
import { type DeliveryError, errorOf, errorOfStatus, RefusedError } from './failure.js';
import { Names } from './names.js';
import { Reachable } from './reachable.js';

/** From the look-up of the name to the end of the answer. */
const LIMIT_MS = 15_000;
/** Of the answer, beyond its head; none of it is kept. */
const ANSWER_BYTES = 64 * 1024;
const HEAD_BYTES = 16 * 1024;
/** Answers before the answer (1xx), which Node reads without end. */
const HINTS = 10;
/** Beyond the limit, for what ends without a word. */
const GRACE_MS = 500;
/** For one address of several, before the next one is tried. */
const CONNECT_MS = 3_000;

export interface Sent {
  /** undefined: there was no answer */
  status?: number;
  /** undefined: it arrived */
  error?: DeliveryError;
  durationMs: number;
  /** seconds that the receiver asks for (RFC 9110 section 10.2.3) */
  retryAfter?: number;
}

type Answer = Pick<Sent, 'status' | 'retryAfter'>;

/**
 * Sends one message to an address that tenants name, and so trusts nothing about it. The name is looked up once, each
 * address is asked whether it may be reached, and the connection goes to those that may: nothing resolves it again. What
 * answers is not followed anywhere, not read for long, and not kept.
 */
@Injectable()
export class Sender {
  /** milliseconds for one attempt */
  limitMs = LIMIT_MS;
  // agents of our own: the global ones may take a proxy from the environment
  private readonly http = new http.Agent({ keepAlive: false });
  private readonly https = new https.Agent({ keepAlive: false });

  constructor(
    private readonly reachable: Reachable,
    private readonly names: Names,
  ) {}

  /** @throws whatever `signal` was aborted with; every other failure is an answer */
  async post(target: string, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<Sent> {
    const began = performance.now();
    const limit = AbortSignal.timeout(this.limitMs);
    const whole = AbortSignal.any([signal, limit]);
    const took = (): number => Math.round(performance.now() - began);
    try {
      const url = new URL(target);
      const addresses = await this.reachableOf(url, whole);
      const answer = await this.exchange(url, { headers, lookup: always(addresses), signal: whole }, body);
      return { ...answer, error: errorOfStatus(answer.status ?? 0), durationMs: took() };
    } catch (error) {
      signal.throwIfAborted();
      return { error: errorOf(error, limit.aborted), durationMs: took() };
    }
  }

  /** @throws RefusedError when there is none */
  private async reachableOf(url: URL, signal: AbortSignal): Promise<string[]> {
    if (refusalOf(url, this.reachable) !== undefined) throw new RefusedError('url_refused');
    const host = hostOf(url);
    const found = isIP(host) ? [host] : await this.names.addressesOf(host, signal);
    const addresses = found.filter((address) => this.reachable.allowed(address, url.protocol));
    if (addresses.length === 0) throw new RefusedError('no_public_address');
    return addresses;
  }

  private exchange(url: URL, options: RequestOptions, body: string): Promise<Answer> {
    const secure = url.protocol === 'https:';
    const whole = {
      method: 'POST',
      agent: secure ? this.https : this.http,
      rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
      maxHeaderSize: HEAD_BYTES,
      autoSelectFamilyAttemptTimeout: CONNECT_MS,
      ...options,
    };
    return new Promise((resolve, reject) => {
      options.signal?.addEventListener('abort', () => setTimeout(reject, GRACE_MS, new Error('nothing came')).unref());
      const request = (secure ? https : http).request(url, whole, (response) => {
        const answer = { status: response.statusCode ?? 0, retryAfter: retryAfterOf(response) };
        request.off('error', reject).on('error', () => undefined); // the status is what counts from here on
        drop(response, () => {
          request.destroy();
          resolve(answer);
        });
      });
      request.on('error', reject);
      request.on('upgrade', ({ statusCode: status = 0 }, socket) => {
        socket.on('error', () => undefined).destroy(); // then neither an answer nor an error follows
        resolve({ status });
      });
      let hints = 0;
      request.on('information', () => {
        if ((hints += 1) > HINTS) request.destroy(Object.assign(new Error('no answer'), { code: 'ERR_HTTP_HINTS' }));
      });
      request.end(body);
    });
  }
}

/** Reads on for as long as it is polite, and tells when that is over: its end, its break, or too much of it. */
function drop(response: IncomingMessage, over: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
  response.on('close', over);
}

function retryAfterOf({ headers }: IncomingMessage): number | undefined {
  const said = headers['retry-after'];
  if (said === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(said) ? Number(said) : Math.ceil((Date.parse(said) - Date.now()) / 1000);
  return seconds > 0 ? seconds : undefined; // a date that is none is NaN
}

/** The addresses that were asked about, for whatever name. */
const always =
  (addresses: string[]): LookupFunction =>
  (_host, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const [first] = found;
    if (all) callback(null, found);
    else callback(null, first?.address ?? '', first?.family);
  };
