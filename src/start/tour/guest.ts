import type { DemoFile } from '../demo/seed.js';

/** An HTTP answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  /** the parsed JSON; undefined for an empty body */
  body: unknown;
}

/** What the tour reads of a problem document. */
export interface Problem {
  code?: string;
  missingPermission?: string;
  errors?: { field: string; message: string }[];
}

export interface Deal {
  id: string;
  title: string;
}

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  /** another token than the guest's own */
  token?: string;
}

const PAGE = 100;

/** Somebody who uses the API as any client would: over HTTP, with what sign-in gave. */
export class Guest {
  private accessToken?: string;

  constructor(
    private readonly baseUrl: string,
    readonly email: string,
    private readonly password: string,
    /** slug of the tenant to sign in to */
    readonly tenant: string,
  ) {}

  /** @throws Error before sign-in */
  get token(): string {
    if (!this.accessToken) throw new Error(`${this.email} is not signed in`);
    return this.accessToken;
  }

  async signIn(): Promise<Answer> {
    const { email, password, tenant } = this;
    const answer = await this.send('POST', '/v1/auth/login', { body: { email, password, tenant } }, {});
    this.accessToken = (answer.body as { accessToken?: string } | undefined)?.accessToken;
    return answer;
  }

  /** Ends the session, if there is one: the tour leaves none behind. */
  async signOut(): Promise<void> {
    if (this.accessToken) await this.call('POST', '/v1/auth/logout');
    this.accessToken = undefined;
  }

  call(method: string, path: string, call: Call = {}): Promise<Answer> {
    return this.send(method, path, call, { authorization: `Bearer ${call.token ?? this.token}` });
  }

  /** Every deal that the guest sees, page after page. @throws Error for another answer than 200 */
  async deals(): Promise<Deal[]> {
    const found: Deal[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await this.call('GET', `/v1/deals?limit=${PAGE}${after}`);
      if (status !== 200) throw new Error(`GET /v1/deals as ${this.email} answered ${outcome({ status, body })}`);
      const page = body as { items: Deal[]; nextCursor: string | null };
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  }

  private async send(method: string, path: string, call: Call, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        ...headers,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }
}

/** The demo's person with this role in this tenant. @throws Error when the demo has none */
export function guestOf(demo: DemoFile, tenant: string, role: string): Guest {
  const user = demo.tenants.find(({ slug }) => slug === tenant)?.users.find((one) => one.role === role);
  if (!user) throw new Error(`demo.json knows no ${role} of ${tenant}`);
  return new Guest(demo.baseUrl, user.email, user.password, tenant);
}

/** Status and, for a problem, its code: `404 not_found`. */
export function outcome({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  const code = (body as Problem | undefined)?.code;
  return status >= 400 && code ? `${status} ${code}` : `${status}`;
}

/** A request as a reader would write it down. */
export const requestLine = (guest: Guest, method: string, path: string, body?: unknown): string =>
  `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}   as ${guest.email}`;
