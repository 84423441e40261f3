import type { Answer } from '../support/call.js';
import { Bases, type Prepared } from './bases.js';
import { bodyCases } from './body-cases.js';
import type { Case } from './cases.js';
import { Cast, type Role, ROLES, type Stage } from './cast.js';
import { faultsOfAnswer } from './judge.js';
import type { Report } from './report.js';
import { requestCases } from './request-cases.js';
import { type Operation, operationsOf } from './operations.js';
import { curlOf, type RawRequest, sendRaw } from './wire.js';

export interface Plan {
  seed: number;
  /** how many cases of each kind an operation gets, by role; all of them where it is not said */
  most: (role: Role) => number;
  /** of how many kinds, beside those that every operation gets; all where it is left out */
  kinds?: number;
  /** random values for each field */
  drawn: number;
  roles?: readonly Role[];
  /** milliseconds; what is left by then is not sent */
  within: number;
  only?: (operation: Operation) => boolean;
  /** hears of each as it is found */
  onFault?: (fault: string) => void;
  /** of these kinds alone */
  ofKinds?: readonly string[];
}

interface Sent {
  base: Prepared;
  request: RawRequest;
  answer: Answer | Error;
  /** of the valid request that was broken, before it was sent */
  before: { done: boolean; uses: number };
}

/** Operations that may end a session, or change who somebody is: whoever made one succeed is replaced. */
const ENDS_PEOPLE = /^\/v1\/(auth|members|tenants|invitations\/accept|platform|api-keys)/;
/** What every operation gets, so that each is accepted and refused. */
const ALWAYS = ['valid', 'query: unknown'];
/** Answers as long as the log, which grows all the while: only whom it concerns, and those whom it refuses. */
const LONG_ANSWERS = ['exportAuditLog'];
const HAVE_NO_EXPORT: readonly Role[] = ['self', 'nobody', 'viewer', 'member', 'admin at aal1', 'operator'];
const CANARY_EVERY = 500;
const MOST_FAULTS = 100;

/** Sends every operation valid requests and broken ones, in every role, and judges what comes back. */
export class Fuzzer {
  private readonly cast: Cast;
  private bases!: Bases;
  private report!: Report;
  private readonly seen = new Set<string>();
  private onFault: (fault: string) => void = () => undefined;

  constructor(private readonly stage: Stage) {
    this.cast = new Cast(stage);
  }

  async run(plan: Plan): Promise<Report> {
    const { body: document } = await this.stage.app.call('GET', '/openapi.json');
    const all = operationsOf(document);
    const operations = plan.only ? all.filter(plan.only) : all;
    this.onFault = plan.onFault ?? this.onFault;
    this.bases = new Bases(this.stage, all, () => this.cast.credential('owner'));
    const statuses = new Map(operations.map(({ id }) => [id, new Map<number, number>()]));
    this.report = {
      seed: plan.seed,
      sent: 0,
      operations,
      statuses,
      faults: [],
      unprepared: [],
      cut: false,
      replaced: 0,
    };
    const end = Date.now() + plan.within;
    const hasKeys = all.some(({ path }) => path === '/v1/api-keys');
    for (const role of plan.roles ?? ROLES) {
      if (role === 'key' && !hasKeys) continue;
      for (const operation of operations) {
        if (Date.now() > end) this.report.cut = true;
        else await this.one(operation, role, plan);
      }
    }
    await this.canary();
    return { ...this.report, replaced: this.cast.replaced };
  }

  private async one(operation: Operation, role: Role, plan: Plan): Promise<void> {
    if (LONG_ANSWERS.includes(operation.id) && !HAVE_NO_EXPORT.includes(role)) return;
    const all = casesOf(operation, plan.seed, plan.drawn);
    const turn = plan.seed + this.report.operations.indexOf(operation) * 5 + role.length;
    const wanted = plan.ofKinds ? all.filter(({ kind }) => plan.ofKinds?.includes(kind)) : all;
    for (const one of sampled(wanted, plan.most(role), turn, plan.kinds)) await this.send(one, operation, role);
  }

  private async prepared(operation: Operation): Promise<Prepared | undefined> {
    try {
      return await this.bases.of(operation);
    } catch (error) {
      const why = `${operation.id}: ${(error as Error).message}`;
      if (!this.report.unprepared.includes(why)) this.report.unprepared.push(why);
      return undefined;
    }
  }

  private async send(one: Case, operation: Operation, role: Role): Promise<void> {
    let sent = await this.attempt(one, operation, role);
    if (sent && this.isStale(one, role, sent)) {
      if (role !== 'self') this.cast.replace(role);
      this.bases.spend(operation);
      sent = await this.attempt(one, operation, role);
    }
    if (!sent) return;
    const { base, request, answer } = sent;
    const faults =
      answer instanceof Error ? [`no answer: ${answer.message}`] : faultsOfAnswer(one, base, request, answer);
    if (faults.length > 0) this.fault(faults, { operation, role, what: `${one.kind}, ${one.what}`, request, answer });
  }

  private async attempt(one: Case, operation: Operation, role: Role): Promise<Sent | undefined> {
    const base = await this.prepared(operation);
    if (!base) return undefined;
    const before = { done: base.done, uses: base.uses };
    const request = one.make(base, await this.credential(role, base));
    const answer = await this.exchange(request);
    if (!(answer instanceof Error)) this.settle(base, role, request, answer);
    return { base, request, answer, before };
  }

  /** Whether the answer is about what earlier requests did (a session ended, a record gone) and not about this case. */
  private isStale(one: Case, role: Role, { answer, before }: Sent): boolean {
    if (answer instanceof Error || one.kind === 'authorization' || role === 'nobody') return answer instanceof Error;
    if (answer.status === 429) return before.uses > 0;
    if (answer.status === 401) return role !== 'self' || before.done;
    return before.done && !one.refused && [403, 404, 409, 410, 412, 422].includes(answer.status);
  }

  private credential(role: Role, base: Prepared): Promise<string | undefined> {
    return role === 'self' ? Promise.resolve(base.token) : this.cast.credential(role);
  }

  private async exchange(request: RawRequest): Promise<Answer | Error> {
    this.report.sent += 1;
    if (this.report.sent % CANARY_EVERY === 0) await this.canary();
    return sendRaw(this.stage.app.url, request).catch((error: Error) => error);
  }

  /** Counts the answer, and remembers what it may have ended. */
  private settle(base: Prepared, role: Role, { method }: RawRequest, { status }: Answer): void {
    const { operation } = base;
    if (method !== operation.method) return;
    const counts = this.report.statuses.get(operation.id);
    counts?.set(status, (counts.get(status) ?? 0) + 1);
    if (method === 'GET' || status >= 400) return;
    base.done = true;
    if (ENDS_PEOPLE.test(operation.path) && role !== 'self') this.cast.replace(role);
  }

  /** Somebody who asks for what is theirs still gets it. */
  private async canary(): Promise<void> {
    const token = await this.cast.credential('viewer');
    let answer = await this.stage.app.call('GET', '/v1/deals', { token: token! });
    if (answer.status === 401) {
      this.cast.replace('viewer');
      answer = await this.stage.app.call('GET', '/v1/deals', { token: (await this.cast.credential('viewer'))! });
    }
    if (answer.status !== 200)
      this.report.faults.push(`after ${this.report.sent} requests the canary gets ${answer.status} ${answer.text}`);
  }

  /** Keeps the first of those that are alike. */
  private fault(
    faults: string[],
    at: { operation: Operation; role: Role; what: string; request: RawRequest; answer: Answer | Error },
  ): void {
    const { operation, role, what, request, answer } = at;
    const alike = `${operation.id} ${(faults[0] ?? '').replace(/[0-9a-f-]{36}/g, '')}`;
    if (this.seen.has(alike) || this.report.faults.length >= MOST_FAULTS) return;
    this.seen.add(alike);
    const told = answer instanceof Error ? String(answer) : `${answer.status} ${answer.text.slice(0, 400)}`;
    const fault = [
      `${operation.method} ${operation.path} (${operation.id}) as ${role}, seed ${this.report.seed}: ${what}`,
      ...faults.map((one) => `  ${one}`),
      `  ${curlOf(this.stage.app.url, request)}`,
      `  ${told}`,
    ].join('\n');
    this.report.faults.push(fault);
    this.onFault(fault);
  }
}

const made = new Map<string, Case[]>();
function casesOf(operation: Operation, seed: number, drawn: number): Case[] {
  const key = `${operation.id} ${seed} ${drawn}`;
  let cases = made.get(key);
  if (!cases) made.set(key, (cases = [...requestCases(operation, seed, drawn), ...bodyCases(operation, seed, drawn)]));
  return cases;
}

/**
 * So many of each kind, spread evenly from a place that `turn` says.
 * @param kinds of so many kinds, which the turn chooses, beside those that are always taken; all where it is left out
 */
export function sampled<T extends { kind: string }>(cases: T[], most: number, turn: number, kinds?: number): T[] {
  const groups = [...Map.groupBy(cases, ({ kind }) => kind)];
  const always = groups.filter(([kind]) => ALWAYS.includes(kind));
  const rest = groups.filter(([kind]) => !ALWAYS.includes(kind));
  const few = Math.min(kinds ?? 0, rest.length);
  const chosen = Array.from(
    { length: few },
    (_, n) => rest[(turn + Math.floor((n * rest.length) / few)) % rest.length]!,
  );
  return (kinds === undefined ? groups : [...always, ...chosen]).flatMap(([, group]) => {
    if (group.length <= most) return group;
    const step = group.length / most;
    const from = (Math.imul(turn, 2654435761) >>> 0) % group.length;
    return Array.from({ length: most }, (_, n) => group[(from + Math.floor(n * step)) % group.length]!);
  });
}
