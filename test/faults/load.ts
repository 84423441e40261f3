import { createHash, randomBytes } from 'node:crypto';
import { type Answer, call } from '../support/call.js';
import { announced, sha256Of } from '../support/file-calls.js';
import { PASSWORD, type Tenant } from '../support/world.js';

/** A request that takes longer hangs, for whoever asked. */
const PATIENCE_MS = 30_000;

/** What a client was told, and so may rely on. */
export class Ledger {
  /** titles that a deal may have: one, unless an answer left it open */
  readonly deals = new Map<string, string[]>();
  /** files whose completion was answered, and the SHA-256 of their bytes */
  readonly files = new Map<string, string>();
  /** requests that changed something and said so */
  readonly changes: string[] = [];
  /** deals that people of a tenant were shown, by its id */
  readonly seen = new Map<string, Set<string>>();
  /** what no client should ever meet */
  readonly faults: string[] = [];
  /** statuses and how often; 0 stands for a connection that broke while that was to be expected */
  told = new Map<number, number>();
  /** codes of the problems that came with 503, and how often */
  codes = new Map<string, number>();
  /** codes of broken connections that are to be expected at the moment */
  mayBreak: readonly string[] = [];
  /** the longest time between two changes that were made, milliseconds */
  longestWait = 0;
  private lastChange = Date.now();

  /** Begins to count anew. */
  begin(): void {
    this.told = new Map();
    this.codes = new Map();
    this.longestWait = 0;
    this.lastChange = Date.now();
  }

  count(status: number, code?: string): void {
    this.told.set(status, (this.told.get(status) ?? 0) + 1);
    if (status === 503 && code) this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  changed(request: string): void {
    this.changes.push(request);
    this.longestWait = Math.max(this.longestWait, Date.now() - this.lastChange);
    this.lastChange = Date.now();
  }
}

/** One person who uses the application until they are stopped: reads, deals, files. */
export class Client {
  private readonly deals: string[] = [];
  private readonly files: string[] = [];
  private stopped = false;
  private token = '';
  private running?: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly tenant: Pick<Tenant, 'id' | 'slug'>,
    private readonly email: string,
    private readonly ledger: Ledger,
  ) {}

  async start(): Promise<void> {
    const { body, text } = await call(this.url, 'POST', '/v1/auth/login', {
      body: { email: this.email, password: PASSWORD },
    });
    if (!body.accessToken) throw new Error(`${this.email}: ${text}`);
    this.token = body.accessToken;
    this.go();
  }

  go(): void {
    this.stopped = false;
    this.running = this.run();
  }

  /** Ends when what it asked last is answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    for (let turn = 0; !this.stopped; turn += 1) {
      const acts: (() => Promise<unknown>)[] = [
        this.once,
        this.upload,
        this.read,
        this.change,
        this.fetch,
        this.change,
      ];
      await acts[turn % acts.length]
        ?.call(this)
        .catch((error: Error) => this.ledger.faults.push(`client: ${error.stack}`));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Makes a deal, or hears why not. */
  async once(): Promise<Answer> {
    const title = `made ${this.tenant.slug} ${randomBytes(8).toString('hex')}`;
    const answer = await this.ask('POST', '/v1/deals', { title, amount: '1.00', currency: 'EUR' }, [201]);
    if (answer.status !== 201) return answer;
    this.ledger.deals.set(answer.body.id, [title]);
    this.deals.push(answer.body.id);
    return answer;
  }

  private async change(): Promise<void> {
    const id = this.any(this.deals);
    if (id === undefined) return;
    const title = `changed ${this.tenant.slug} ${randomBytes(8).toString('hex')}`;
    const known = this.ledger.deals.get(id) ?? [];
    this.ledger.deals.set(id, [...known, title]);
    const { status } = await this.ask('PATCH', `/v1/deals/${id}`, { title }, [200, 409], { 'If-Match': '*' });
    if (status === 200) this.ledger.deals.set(id, [title]);
    else if (status === 409) this.ledger.deals.set(id, known);
  }

  private async read(): Promise<void> {
    const list = await this.ask('GET', '/v1/deals?limit=20', undefined, [200]);
    if (list.status === 200) this.look(list.body.items);
    const id = this.any(this.deals);
    if (id === undefined) return;
    const { status, body } = await this.ask('GET', `/v1/deals/${id}`, undefined, [200]);
    if (status === 200 && !this.ledger.deals.get(id)?.includes(body.title))
      this.ledger.faults.push(`deal ${id} went back`);
  }

  /** Whose they are is for the database to say, afterwards; those that this load made say it themselves. */
  private look(deals: { id: string; title: string }[]): void {
    const { id: tenant, slug } = this.tenant;
    const seen = this.ledger.seen.get(tenant) ?? new Set();
    this.ledger.seen.set(tenant, seen);
    for (const { id, title } of deals) {
      seen.add(id);
      const made = /^(?:made|changed) (\S+) /.exec(title)?.[1];
      if (made !== undefined && made !== slug) this.ledger.faults.push(`${slug} was shown ${title}`);
    }
  }

  private async upload(): Promise<void> {
    const deal = this.any(this.deals);
    if (deal === undefined) return;
    const bytes = Buffer.from(randomBytes(6_000).toString('hex'));
    const made = await this.ask('POST', '/v1/files', announced(bytes, deal), [201]);
    if (made.status !== 201) return;
    const { method, url, headers } = made.body.upload;
    const sent = await fetch(url, {
      method,
      headers,
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
      .then(async (answer) => (await answer.arrayBuffer(), answer.ok))
      .catch(() => false);
    if (!sent) return; // the store is away: nobody completes it, and it is swept
    for (let attempt = 0; attempt < 3 && !this.stopped; attempt += 1) {
      const { status } = await this.ask('POST', `/v1/files/${made.body.id}/complete`, {}, [200, 409]);
      if (status === 200) {
        this.ledger.files.set(made.body.id, sha256Of(bytes));
        this.files.push(made.body.id);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  private async fetch(): Promise<void> {
    const id = this.any(this.files);
    if (id === undefined) return;
    const { status, headers } = await this.ask('GET', `/v1/files/${id}/download`, undefined, [303, 409]);
    if (status !== 303) return;
    const got = await fetch(headers.get('location') as string, { signal: AbortSignal.timeout(PATIENCE_MS) })
      .then(async (answer) => (answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined))
      .catch(() => undefined);
    if (got && createHash('sha256').update(got).digest('hex') !== this.ledger.files.get(id))
      this.ledger.faults.push(`file ${id} has other bytes`);
  }

  /** What is right, or 503 with Retry-After: nothing else. */
  private async ask(
    method: string,
    path: string,
    body: unknown,
    right: number[],
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const began = Date.now();
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await ask(this.url + path, { method, token: this.token, body, headers, signal });
      const { status } = answer;
      this.ledger.count(status, answer.body?.code);
      if (status === 503 && answer.headers.get('retry-after')) return answer;
      if (!right.includes(status)) this.ledger.faults.push(`${method} ${path}: ${status} ${answer.text}`);
      else if (method !== 'GET' && status < 300) this.ledger.changed(answer.headers.get('x-request-id') ?? '');
      return answer;
    } catch (error) {
      const { name, message, cause } = error as Error & { cause?: { code?: string } };
      if (cause?.code !== undefined && this.ledger.mayBreak.includes(cause.code)) this.ledger.count(0);
      else
        this.ledger.faults.push(
          `${method} ${path}: ${name} ${message} ${cause?.code ?? ''} after ${Date.now() - began} ms`,
        );
      return { status: 0, headers: new Headers(), body: undefined, text: '' };
    }
  }

  private any(some: string[]): string | undefined {
    return some[Math.floor(Math.random() * some.length)];
  }
}

/** As call() does, without following a redirect. */
async function ask(
  url: string,
  {
    method,
    token,
    body,
    headers,
    signal,
  }: { method: string; token: string; body: unknown; headers?: Record<string, string>; signal: AbortSignal },
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    signal,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const json = /[/+]json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, text, body: json ? JSON.parse(text) : undefined };
}
