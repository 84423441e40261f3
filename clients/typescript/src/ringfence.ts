import { type Credential, keyCredential } from './credentials.js';
import { createClient, createConfig } from './generated/client/index.js';
import { Operations } from './generated/sdk.gen.js';
import type { Session } from './session.js';
import { createTransport, TOKEN, type TransportOptions } from './transport.js';

export interface RingfenceOptions extends TransportOptions {
  /** where the API is served, without `/v1`: `https://api.example.com` */
  baseUrl: string;
  /** `rf_...`: for a program. Either this, or a session, or neither for what is public */
  apiKey?: string;
  /** for a person */
  session?: Session;
}

/** Every operation of the API as a method, named by its operationId. */
export type Ringfence = Operations;

/** The refresh token may be sent again for ten seconds: two attempts must fit in. */
const REFRESH = { timeoutMs: 4_000, retry: { attempts: 2, baseDelayMs: 250, maxDelayMs: 1_000 } };

/** A client of the API. Keeps no connection open and needs no closing. @throws TypeError for options that cannot work */
export function createRingfence({ baseUrl, apiKey, session, ...transport }: RingfenceOptions): Ringfence {
  if (apiKey !== undefined && session) throw new TypeError('Give apiKey or session, not both.');
  const operationsBy = (options: TransportOptions, credential?: Credential): Operations =>
    new Operations({
      client: createClient(
        createConfig({
          baseUrl: originOf(baseUrl),
          throwOnError: true,
          fetch: createTransport(options, credential),
          auth: credential && TOKEN,
        }),
      ),
    });
  if (apiKey !== undefined) return operationsBy(transport, keyCredential(apiKey));
  if (!session) return operationsBy(transport);
  const refreshing = operationsBy({ ...transport, ...REFRESH });
  return operationsBy(transport, {
    token: () => session.tokens?.accessToken,
    renew: (refused) =>
      session.renew(refused, async (refreshToken) => (await refreshing.refresh({ body: { refreshToken } })).data),
  });
}

function originOf(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) throw new TypeError('baseUrl is no address.');
  const url = new URL(baseUrl);
  const address = /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!address) throw new TypeError('baseUrl is an http(s) address and nothing else: no user, query or fragment.');
  return url.href.replace(/\/+$/, '');
}
