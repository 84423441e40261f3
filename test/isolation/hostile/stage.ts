import { createHash } from 'node:crypto';
import type { Client, DatabaseError, Notification, PoolClient, QueryResult } from 'pg';
import { clean } from '../../../src/database/tenant-transaction/wire.js';
import { plantCapability } from '../../support/acting.js';
import { type Relation, tenantColumnOf } from '../../support/catalogue.js';
import type { TestDatabase } from '../../support/database.js';
import { Planter } from '../../support/plant-row.js';
import type { Row } from '../../support/plant-values.js';
import type { Attack, Login, Target } from './attack.js';
import { markersOf, type Markers } from './markers.js';
import { othersOf } from './others.js';

/** All that an attempt was told: rows, words of errors, notices, copied lines. */
export interface Told {
  text: string;
  /** rows of the last step; undefined where it failed */
  count?: number;
  code?: string;
}

/** Both tenants with rows in every table, and somebody of A at each of the logins' connections. */
export class Stage {
  readonly target: Target;
  private readonly lines: string[] = [];

  private constructor(
    readonly db: TestDatabase,
    readonly admin: Client,
    readonly planter: Planter,
    readonly clients: Record<Login, Client>,
    readonly caps: { a: string; b: string },
    private readonly markers: Markers,
    theirs: Record<string, Row>,
  ) {
    const theirHash = createHash('sha256').update(caps.b).digest('hex');
    this.target = { a: db.world.a, b: db.world.b, cap: caps.a, theirHash, theirs };
    for (const client of Object.values(clients)) this.hear(client);
  }

  static async of(db: TestDatabase): Promise<Stage> {
    const { a, b } = db.world;
    const admin = await db.as('admin');
    const planter = await Planter.of(admin);
    const theirs: Record<string, Row> = {};
    for (const table of [...planter.relations.values()].filter(isOfTenants)) {
      await planter.ensure(table.name, a.id);
      theirs[table.name] = await planter.ensure(table.name, b.id);
    }
    const caps = {
      a: (await plantCapability(db, a, a.users.owner, 2)).cap,
      b: (await plantCapability(db, b, b.users.owner, 2)).cap,
    };
    const clients = { app: await db.as('app'), auth: await db.as('auth'), service: await db.as('service') };
    await planter.plant('app.roles', b.id, { slug: 'only-in-beta' });
    const stage = new Stage(db, admin, planter, clients, caps, await markersOf(admin, planter, db.world), theirs);
    for (const login of Object.keys(clients) as Login[]) await stage.told(login, ['select app.context()']); // loads what it loads
    return stage;
  }

  /** A digest of everything that is not A's, and of the catalogue, by what it is. */
  others = (): Promise<Record<string, string | null>> => othersOf(this.admin, this.planter, this.target.a);

  /** Words of B's that stand in what was told, and not in what was asked. */
  leaked(login: Login, text: string, asked: string): string[] {
    return login === 'service' ? [] : this.markers.in(text, login === 'auth').filter((word) => !asked.includes(word));
  }

  /** One transaction as a login, with A's capability, committed if it can be, and cleaned as the pool does. */
  async told(login: Login, steps: string[], undone = false): Promise<Told> {
    const client = this.clients[login];
    this.lines.length = 0;
    let told: Told;
    try {
      const entering = login === 'app' ? `app.enter('${this.caps.a}', '{}')` : `set_config('app.cap', '${this.caps.a}', true)`; // prettier-ignore
      await client.query(`begin; select ${entering}`);
      let last: QueryResult<Row> | undefined;
      for (const step of steps) last = await client.query<Row>(step);
      const rows = JSON.stringify(last?.rows);
      told = { text: rows, count: Math.max(last?.rowCount ?? 0, last?.rows.length ?? 0) };
      if (client.getTransactionStatus() !== 'I') await client.query(undone ? 'rollback' : 'commit');
    } catch (error) {
      const { code, message, detail, hint, where, constraint, column } = error as DatabaseError;
      told = { text: [code, message, detail, hint, where, constraint, column].join('\n'), code: code ?? '?' };
      if (client.getTransactionStatus() !== 'I') await client.query('rollback');
    }
    clean(client as unknown as PoolClient, told.code !== undefined);
    return { ...told, text: [told.text, ...this.lines].join('\n') };
  }

  /** What whoever has the connection next could find on it. */
  async left(login: Login, steps: string[] = ['declare', 'prepare']): Promise<string> {
    const { rows } = await this.clients[login].query(`
      select current_user, session_user, coalesce(current_setting('app.cap', true), '') as cap,
             (select string_agg(name || '=' || setting, ';' order by name) from pg_show_all_settings()
               where setting <> '' and name not in ('transaction_isolation')) as settings,
             (select count(*) from pg_class where relnamespace = pg_my_temp_schema()) as temporary
             ${login === 'app' ? ', (select count(*) from app.deals) as seen' : ''}`);
    const found = [JSON.stringify(rows)];
    for (const [kind, look] of [['declare', 'fetch all from c'], ['prepare', 'execute evil']] as const)
      if (steps.some((step) => step.startsWith(kind)))
        found.push(await this.clients[login].query(look).then(() => `a ${kind}d`, () => '')); // prettier-ignore
    return found.join('');
  }

  private hear(client: Client): void {
    client.on('notice', ({ message, detail }) => this.lines.push(`${message} ${detail ?? ''}`));
    client.on('notification', ({ channel, payload }: Notification) => this.lines.push(`heard ${channel} ${payload ?? ''}`));
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on('copyData', ({ chunk }: { chunk: Buffer }) => this.lines.push(chunk.toString('latin1')));
  } // prettier-ignore
}

export const isOfTenants = (table: Relation): boolean =>
  table.schema === 'app' &&
  ['r', 'p'].includes(table.kind) &&
  !table.partitionOf &&
  tenantColumnOf(table) !== undefined;

/** @returns what is wrong with what came of an attack, if anything is */
export function judged(attack: Attack, login: Login, told: Told): string | undefined {
  const { must, codes = [] } = attack;
  const came = told.code ? told.text.split('\n').slice(0, 2).join(' ') : `${told.count} rows`;
  if (told.code === '42601') return `is no SQL: ${came}`;
  if (login !== 'app' && must !== 'refused') return undefined; // what it sees is judged by its words
  if (login === 'auth' && told.code !== undefined) return undefined; // it has less, so it is refused earlier
  if (must === 'refused') return told.code && codes.includes(told.code) ? undefined : came;
  if (must === 'nothing') return told.count === 0 || (told.code && codes.includes(told.code)) ? undefined : came;
  return must === 'own' && told.code ? came : undefined;
}
