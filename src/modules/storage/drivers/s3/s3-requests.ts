import type { S3Client } from '@aws-sdk/client-s3';
import type { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Clock } from '../../../../context/index.js';
import type { SignedRequest } from '../storage-driver.js';
import { failureOf } from './s3-errors.js';
import type { S3Timeouts } from './s3-client.js';

type SigningOptions = NonNullable<Parameters<typeof getSignedUrl>[2]>;
/** getSignedUrl of one command. */
type Sign = (signer: S3Client, options: SigningOptions) => Promise<string>;

/** Sends requests within bounds, and signs those that clients send. */
export class S3Requests {
  /** @param signer the client whose endpoint goes into URLs */
  constructor(
    private readonly client: S3Client,
    private readonly signer: S3Client,
    private readonly timeouts: S3Timeouts,
    private readonly clock: Clock,
  ) {}

  /**
   * All attempts together end in time. A body that is read afterwards has its own limit: the socket's, while it is idle.
   * @throws what failureOf makes of it
   */
  async send<Output>(run: (options: Bounds) => Promise<Output>, long = false): Promise<Output> {
    const ended = new AbortController();
    const limit = long ? this.timeouts.long : this.timeouts.short;
    const timer = setTimeout(() => ended.abort(), limit);
    try {
      return await run({ abortSignal: ended.signal, requestTimeout: long ? limit : this.timeouts.attempt });
    } catch (error) {
      throw failureOf(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A PUT of exactly that: what it says of the content is in the signature, and so in headers that must be sent. */
  async put(sign: Sign, seconds: number, headers: Readonly<Record<string, string>>): Promise<SignedRequest> {
    const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const url = await this.sign(sign, {
      expiresIn: seconds,
      unhoistableHeaders: names,
      signableHeaders: names,
    });
    return { method: 'PUT', url, headers };
  }

  get(sign: Sign, seconds: number): Promise<string> {
    return this.sign(sign, { expiresIn: seconds });
  }

  destroy(): void {
    this.client.destroy();
    this.signer.destroy();
  }

  /** Signing asks for credentials, and with them perhaps somebody else: an instance's metadata, a token service. */
  private sign(sign: Sign, options: SigningOptions): Promise<string> {
    return this.send(() => sign(this.signer, { ...options, signingDate: new Date(this.clock.now()) }));
  }
}

interface Bounds {
  abortSignal: AbortSignal;
  requestTimeout: number;
}
