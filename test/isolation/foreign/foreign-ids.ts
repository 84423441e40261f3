import { decodeJwt } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import { RequestMarks } from '../../../src/modules/idempotency/index.js';
import { Bases, type Prepared } from '../../fuzz/bases.js';
import { type Change, requestOf } from '../../fuzz/cases.js';
import { Cast, type Role, type Stage } from '../../fuzz/cast.js';
import { type Operation, operationsOf } from '../../fuzz/operations.js';
import { curlOf, sendRaw } from '../../fuzz/wire.js';
import type { Answer } from '../../support/call.js';
import { grantTo } from '../../support/grant.js';
import { type ForeignCase, foreignCases } from './cases.js';
import { difference } from './differ.js';
import { Kinds, type Registered } from './kinds.js';
import { idPlacesOf, withId } from './places.js';
import { Victim } from './victim.js';

export interface Findings {
  sent: number;
  /** where the victim's was told from nobody's, and how to ask again */
  told: string[];
  /** tables of which rows of the victim are not what they were */
  changed: string[];
  /** what could not be attacked */
  unknown: string[];
}

export interface Extent {
  roles: readonly Role[];
  /** ids of every kind in every place, and not of the right one alone */
  everyKind?: boolean;
}

/** Lists whose cursors are not a tenant's, with the reason. */
const NO_CURSORS: Readonly<Record<string, string>> = {
  listTenants: 'of a person: where they belong',
  listPermissions: 'of the catalogue, which is one for all',
};

const REGISTERED = `
  select r.resource, concat(c.relnamespace::regnamespace, '.', c.relname) as table
    from auth.resources r join pg_class c on c.oid = r.relation order by 1`;

/** What the sealer makes of the log, whenever it comes to it; the log itself is compared. */
const SEALS = ['app.audit_leaves', 'app.audit_nodes', 'app.audit_checkpoints'];

/** What stands in the answer that is kept for somebody. */
const MARK = 'kept for somebody';

interface Asker {
  tenantId: string;
  userId: string;
}

/** Sends every operation what belongs to the victim, and what belongs to nobody, and compares. */
export class ForeignIds {
  private readonly cast: Cast;
  private readonly bases: Bases;
  private findings!: Findings;

  private constructor(
    private readonly stage: Stage,
    private readonly operations: Operation[],
    private readonly kinds: Kinds,
    readonly victim: Victim,
    private readonly token: string,
  ) {
    this.cast = new Cast(stage);
    this.bases = new Bases(stage, operations, () => this.cast.credential('owner'));
  }

  static async of(stage: Stage): Promise<ForeignIds> {
    const { app, db } = stage;
    const operations = operationsOf((await app.call('GET', '/openapi.json')).body);
    const victim = await Victim.planted(db);
    const kinds = new Kinds(victim.planter.relations, await db.look<Registered>(REGISTERED));
    const tokens = await grantTo(app, db, victim.owner.id, { tenant: victim.tenant.id, aal: 2 });
    return new ForeignIds(stage, operations, kinds, victim, tokens.accessToken);
  }

  /** @param only operations that are meant */
  async run(only: (operation: Operation) => boolean, extent: Extent): Promise<Findings> {
    this.findings = { sent: 0, told: [], changed: [], unknown: [] };
    await this.victim.sealed();
    const prepared: { operation: Operation; cases: ForeignCase[] }[] = [];
    for (const operation of this.operations.filter(only))
      prepared.push({ operation, cases: await this.casesOf(operation, extent) });
    // the log of one's own denials says what was asked for in vain, so that filters come first
    prepared.sort((one, other) => rank(one.operation) - rank(other.operation));
    await this.watched([], async () => {
      for (const { operation, cases } of prepared) await this.each(operation, cases, extent);
    });
    await this.watched(['app.idempotency_keys'], async () => {
      for (const { operation } of prepared.filter((one) => isKeyed(one.operation))) await this.withKey(operation);
    });
    return this.findings;
  }

  /** Whether an answer that is kept is given, as it is to whom it belongs: else a key of the victim's would prove nothing. */
  async replays(operationId: string): Promise<boolean> {
    const operation = this.operations.find(({ id }) => id === operationId)!;
    const { token = '' } = await this.bases.of(operation);
    const { sub = '', tenant_id: tenantId } = decodeJwt(token);
    return this.replayed(operation, { tenantId: tenantId as string, userId: sub });
  }

  /** Does it, and compares all that is the victim's. @param but tables that change by what is planted meanwhile */
  private async watched(but: string[], work: () => Promise<void>): Promise<void> {
    const before = await this.victim.fingerprint();
    await work();
    const after = await this.victim.fingerprint();
    const changed = Object.keys(after).filter(
      (table) => after[table] !== before[table] && ![...but, ...SEALS].includes(table),
    );
    this.findings.changed.push(...changed);
  }

  private async casesOf(operation: Operation, { everyKind }: Extent): Promise<ForeignCase[]> {
    const { cases, unknown } = await foreignCases(operation, this.kinds, this.victim, everyKind);
    this.findings.unknown.push(...unknown);
    const cursor = await this.cursorOf(operation);
    return cursor ? [...cases, cursorCase(operation, cursor)] : cases;
  }

  private async each(operation: Operation, cases: ForeignCase[], extent: Extent): Promise<void> {
    // an operator sees every tenant: whoever is none is told nothing
    const isAllowed = operation.access === 'operator' && idPlacesOf(operation).length === 1;
    const roles = isAllowed ? (['owner'] as const) : operation.access === 'public' ? (['self'] as const) : extent.roles;
    for (const one of cases)
      for (const role of one.isOdd ? roles.slice(0, 1) : roles) await this.pair(operation, one, role);
  }

  private async pair(operation: Operation, one: ForeignCase, role: Role): Promise<void> {
    const answers: Answer[] = [];
    let line = '';
    for (const id of one.ids) {
      const base = await this.bases.of(operation);
      const request = requestOf(base, await this.credential(base, role), one.change(base, id));
      line = curlOf(this.stage.app.url, request);
      const answer = await this.send(request);
      const isDone = answer.status < 400 && operation.method !== 'GET';
      if (isDone) this.cast.replace(role);
      if (isDone || operation.access === 'public') this.bases.spend(operation); // it may be good for one try
      answers.push(answer);
    }
    const [none, foreign] = answers as [Answer, Answer];
    const told = difference([none, foreign], one.ids);
    if (told) this.findings.told.push(`${one.what}, as ${role}: ${told}\n    ${line}`);
    const code = foreign.body?.code as string | undefined;
    if (role === 'self' && code === 'aal2_required') await this.pair(operation, one, 'owner');
    if (role === 'self' && code === 'validation_failed') this.findings.unknown.push(`${one.what}: the id is not looked at, since the request is not valid`); // prettier-ignore
  }

  private send(request: Parameters<typeof sendRaw>[1]): Promise<Answer> {
    this.findings.sent += 1;
    return sendRaw(this.stage.app.url, request);
  }

  /** With a key under which the victim's owner has an answer, to the very same request. */
  private async withKey(operation: Operation): Promise<void> {
    const { tenant, owner } = this.victim;
    if (await this.replayed(operation, { tenantId: tenant.id, userId: owner.id }))
      this.findings.told.push(`${operation.id}: the answer that is kept for the victim is given to somebody else`);
  }

  /** @returns whether what is kept for them is answered to a request of this operation */
  private async replayed(operation: Operation, asker: Asker): Promise<boolean> {
    const base = await this.bases.of(operation);
    const key = randomUUID();
    const request = requestOf(base, base.token, { headers: [['Idempotency-Key', key]] });
    await this.keep(asker, { operation, base, url: request.path, key });
    const answer = await this.send(request);
    this.bases.spend(operation);
    return answer.headers.has('idempotent-replayed') || answer.text.includes(MARK);
  }

  private async keep(
    { tenantId, userId }: Asker,
    { operation, base, url, key }: { operation: Operation; base: Prepared; url: string; key: string },
  ): Promise<void> {
    const route = operation.path.replace(/\{(\w+)\}/g, ':$1');
    const marks = this.stage.app.nest.get(RequestMarks, { strict: false });
    const { hashes, fingerprints } = marks.of({ route, url, body: base.body, key });
    await this.victim.admin.query(
      `with k (hash, fingerprint, token, kept, status, headers, body) as (
           values ($1::bytea, $2::bytea, uuidv7(), 'answer', 200::smallint, '{}'::jsonb, $3)),
         outside as (insert into auth.idempotency_keys (actor_id, hash, fingerprint, token, kept, status, headers, body) select $5::uuid, k.* from k)
       insert into app.idempotency_keys (tenant_id, actor_id, hash, fingerprint, token, kept, status, headers, body) select $4::uuid, $5::uuid, k.* from k`,
      [hashes[0], fingerprints[0], JSON.stringify(MARK), tenantId, userId],
    );
  }

  private credential(base: Prepared, role: Role): Promise<string | undefined> {
    return role === 'self' ? Promise.resolve(base.token) : this.cast.credential(role);
  }

  /** Of the victim's second page of a list. */
  private async cursorOf(operation: Operation): Promise<string | undefined> {
    const takes = operation.parameters.some(({ name }) => name === 'cursor');
    if (!takes || NO_CURSORS[operation.id] || operation.access === 'operator') return undefined;
    const base = await this.bases.of(operation);
    const path = { ...base.path };
    let query = base.query;
    for (const place of idPlacesOf(operation)) {
      const [kind] = this.kinds.of(operation, place) ?? [];
      if (!kind || (place.in === 'query' && !(place.name in query))) continue; // a filter that is left out
      const id = await this.victim.id(kind.column);
      if (place.in === 'path') path[place.name] = id;
      else query = Object.fromEntries(new URLSearchParams(withId({ ...base, query }, place, id, kind.type).query));
    }
    const answer = await this.send(requestOf({ ...base, path, query: { ...query, limit: '1' } }, this.token));
    const cursor = answer.body?.nextCursor as unknown;
    if (typeof cursor === 'string') return cursor;
    this.findings.unknown.push(`${operation.id}: the victim gets no cursor: ${answer.status} ${answer.text.slice(0, 200)}`);
    return undefined;
  } // prettier-ignore
}

const isKeyed = ({ parameters }: Operation): boolean => parameters.some(({ name }) => name === 'Idempotency-Key');

const rank = (operation: Operation): number => (idPlacesOf(operation).every((place) => place.in === 'query') ? 0 : 1);

const cursorCase = (operation: Operation, cursor: string): ForeignCase => ({
  what: `${operation.id}: query cursor`,
  ids: [randomBytes(cursor.length).toString('base64url').slice(0, cursor.length), cursor],
  change: (base, given): Change => ({ query: new URLSearchParams({ ...base.query, cursor: given }).toString() }),
});
