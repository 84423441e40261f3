import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../../../config/index.js';
import type { Clock } from '../../../../context/index.js';

/** What one URL permits, once: nothing of it can be changed without the key. */
export type Grant =
  | {
      method: 'PUT';
      key: string;
      /** seconds since the epoch */
      expires: number;
      contentType: string;
      size: number;
      sha256: string;
    }
  | { method: 'PUT'; key: string; expires: number; size: number; uploadId: string; part: number }
  | { method: 'GET'; key: string; expires: number; contentType: string; disposition: string };

export type UploadGrant = Extract<Grant, { method: 'PUT' }>;
export type DownloadGrant = Extract<Grant, { method: 'GET' }>;

export const OBJECTS_PATH = '/v1/storage/objects';

/** Grants as text: what is granted, a dot, and HMAC-SHA-256 of it. Tokens of a key that stayed in the ring hold. */
export class SignedUrls {
  private readonly macKeys: readonly Buffer[];

  constructor(
    private readonly base: string,
    ring: KeyRing,
    private readonly clock: Clock,
  ) {
    this.macKeys = ring.deriveEach('storage-url');
  }

  urlOf(grant: Grant): string {
    const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
    const [current] = this.macKeys as [Buffer];
    return `${this.base}${OBJECTS_PATH}/${grant.key}?signature=${payload}.${mac(current, payload).toString('base64url')}`;
  }

  /** @returns what the signature grants for that method and key; undefined for all that is forged, altered or over */
  read<Method extends Grant['method']>(
    signature: string,
    method: Method,
    key: string,
  ): Extract<Grant, { method: Method }> | undefined {
    const [payload = '', given = '', ...rest] = signature.split('.');
    const theirs = Buffer.from(given, 'base64url');
    const known = this.macKeys.some((one) => {
      const ours = mac(one, payload);
      return ours.length === theirs.length && timingSafeEqual(ours, theirs);
    });
    // a second spelling of the same bytes is refused: an URL is what was signed, to the letter
    if (!known || rest.length > 0 || theirs.toString('base64url') !== given) return undefined;
    const grant = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Grant;
    if (grant.method !== method || grant.key !== key || grant.expires <= this.clock.seconds()) return undefined;
    return grant as Extract<Grant, { method: Method }>;
  }
}

const mac = (key: Buffer, payload: string): Buffer => createHmac('sha256', key).update(payload).digest();
