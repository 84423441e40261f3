import { expect } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Finding, Told } from './invariants.js';
import { Client, Ledger } from './load.js';
import type { Stage } from './stage.js';
import { type Answer, call } from '../support/call.js';
import { PASSWORD } from '../support/world.js';

/** How long a fault lasts, milliseconds; longer than readiness keeps what it knows. */
export const LASTS_MS = 5_000;
const BACK_WITHIN_MS = 10_000;
/** What a process that is killed does to those who speak with it. */
export const BROKEN = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'] as const;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(holds: () => Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) if (await holds()) return true;
  return false;
}

/** What /livez and /readyz said while something lasted; 0 stands for no answer. */
export interface Said {
  live: number[];
  red: string[];
}

interface Fault {
  /** name of the fault, and what is done for it */
  title: string;
  done: string;
  /** ends when it has lasted long enough */
  lasts: () => Promise<unknown>;
  /** puts it right */
  ends?: () => Promise<unknown>;
  /** codes of connections that may break meanwhile */
  mayBreak?: readonly string[];
  /** how long it may take until it works again, milliseconds. Default 10,000 */
  backWithinMs?: number;
}

/** People of two tenants who use a stage while faults come and go; after each, a program of its own looks at the database. */
export class Drill {
  readonly ledger = new Ledger();
  private constructor(
    readonly stage: Stage,
    private readonly clients: Client[],
  ) {}

  /** @param each how many clients each person has */
  static async begin(stage: Stage, each = 1): Promise<Drill> {
    const clients: Client[] = [];
    const drill = new Drill(stage, clients);
    const { a, b } = stage.db.world;
    for (let n = 0; n < each; n += 1)
      for (const [tenant, { email }] of [[a, a.users.owner], [b, b.users.admin], [a, a.users.member], [b, b.users.member]] as const)
        clients.push(new Client(stage.url, tenant, email, drill.ledger)); // prettier-ignore
    for (const client of clients) await client.start();
    return drill;
  }

  /** Until all clients rest and nothing of theirs is under way. */
  async rest(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.stop()));
  }

  go(): void {
    this.clients.forEach((client) => client.go());
  }

  /** Deals are made and files completed, again, and the server says that it is ready. */
  async works(withinMs = BACK_WITHIN_MS): Promise<boolean> {
    const [deals, files] = [this.ledger.deals.size, this.ledger.files.size];
    const { ledger } = this;
    const again = async (): Promise<boolean> =>
      ledger.deals.size > deals + 2 && ledger.files.size > files + 2 && (await this.probe('/readyz')).status === 200;
    return until(again, withinMs);
  }

  /** Has a fault come and go under load. @returns what the server said of itself meanwhile */
  async endure(fault: Fault): Promise<Said> {
    const { ledger } = this;
    ledger.begin();
    ledger.mayBreak = fault.mayBreak ?? [];
    const said = await this.during(fault.lasts).finally(() => fault.ends?.());
    for (const one of [this.stage.server, this.stage.worker]) one.assertAlive();
    const over = Date.now();
    const back = await this.works(fault.backWithinMs);
    const backMs = Date.now() - over;
    for (const one of [this.stage.server, this.stage.worker]) one.assertAlive();
    ledger.mayBreak = [];
    await this.rest();
    const { told, codes, longestWait } = ledger;
    const findings = await this.judge(false);
    this.go();
    await note(fault, { told, codes, longestWait, backMs: back ? backMs : undefined, findings });
    expect(back).toBe(true);
    expect(wrong(findings)).toEqual([]);
    return said;
  }

  /** The invariants, by the program that shares nothing with us. */
  async judge(settled: boolean): Promise<Finding[]> {
    const { ledger, stage } = this;
    const told: Told = {
      adminUrl: stage.adminUrl,
      deals: [...ledger.deals],
      files: [...ledger.files],
      changes: ledger.changes,
      seen: [...ledger.seen].map(([tenant, deals]) => [tenant, [...deals]]),
      settled,
    };
    const program = spawn(process.execPath, ['test/faults/invariants.ts'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(program, 'close');
    program.stdin.end(JSON.stringify(told));
    const lines = (await text(program.stdout)).trim().split('\n');
    const [code] = (await ended) as [number];
    const findings = lines.filter(Boolean).map((line) => JSON.parse(line) as Finding);
    if (findings.length === 0 || (code !== 0 && wrong(findings).length === 0))
      throw new Error(`invariants.ts ended with ${code}`);
    return findings;
  }

  /** Until all jobs are over; those of a killed worker come again as its heartbeat is missed, here without the minute. */
  async settle(): Promise<void> {
    const { stage } = this;
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(500)) {
      const [open] = await stage.look<{ n: number }>(
        `select count(*)::integer as n from app.jobs where status in ('queued', 'running')`,
      );
      if (open?.n === 0) return;
      await stage.look(`update pgboss.job set heartbeat_on = now() - interval '10 minutes'
        where state = 'active' and started_on < now() - interval '15 seconds'`); // prettier-ignore
      await stage.look(`update pgboss.job set start_after = now() where state = 'retry'`);
      await stage.look(`update pgboss.queue set monitor_on = null, maintain_on = null`);
    }
  }

  /** Somebody of the first tenant, apart from the load. */
  signIn(): Promise<Answer> {
    const { email } = this.stage.db.world.a.users.owner;
    return call(this.stage.url, 'POST', '/v1/auth/login', { body: { email, password: PASSWORD } });
  }

  read(token: string): Promise<Answer> {
    return call(this.stage.url, 'GET', '/v1/deals', { token });
  }

  /** One change, as a client of the load makes it; what it answers. */
  change(): Promise<Answer> {
    return (this.clients[0] as Client).once();
  }

  probe(path: string): Promise<{ status: number; text: string }> {
    return fetch(this.stage.url + path, { signal: AbortSignal.timeout(10_000) }).then(
      async (answer) => ({ status: answer.status, text: await answer.text() }),
      (error: Error) => ({ status: 0, text: JSON.stringify({ detail: error.message }) }),
    );
  }

  private async during(work: () => Promise<unknown>): Promise<Said> {
    const [live, red] = [new Set<number>(), new Set<string>()];
    let over = false;
    const asking = (async () => {
      while (!over) {
        live.add((await this.probe('/livez')).status);
        const { status, text } = await this.probe('/readyz');
        if (status !== 200) red.add(`${status} ${(JSON.parse(text || '{}') as { detail?: string }).detail}`);
        await sleep(150);
      }
    })();
    try {
      await work();
    } finally {
      over = true;
      await asking;
    }
    return { live: [...live], red: [...red] };
  }
}

export const wrong = (findings: Finding[]): Finding[] =>
  findings.filter(({ found }) => found.length > 0).map(({ title, found }) => ({ title, found: found.slice(0, 5) }));

interface Outcome {
  told: Map<number, number>;
  codes: Map<string, number>;
  longestWait: number;
  backMs: number | undefined;
  findings: Finding[];
}

/** A line of the table that summary.mjs prints at the end. */
async function note({ title, done }: Fault, { told, codes, longestWait, backMs, findings }: Outcome): Promise<void> {
  const held = findings.length - wrong(findings).length;
  const row = { title, done, told: [...told], codes: [...codes], longestWait, backMs, held, asked: findings.length };
  const file = process.env['FAULTS_SUMMARY'];
  if (file) await appendFile(file, `${JSON.stringify(row)}\n`);
}
