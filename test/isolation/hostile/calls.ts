import type { Client } from 'pg';
import type { World } from '../../support/world.js';
import { ACCEPTED } from './accepted.js';
import { literal, NEVER } from './attack.js';
import { type Call, callablesOf, callsOf, ofA, SILENT } from './functions.js';
import { differing } from './others.js';
import type { Stage } from './stage.js';

/** Runs statements as whoever calls it, and says what came of each: its rows or its error. All are taken back, or kept. */
const TRIED = `
  create function app.tried(statements text[], keep boolean) returns text[] language plpgsql as $$
  declare
    statement text; rows text; told text[] := '{}'; c text; m text; d text; h text; n text;
  begin
    foreach statement in array statements loop
      begin
        execute 'select coalesce(jsonb_agg(to_jsonb(x)), ''[]'')::text from (' || statement || ') x' into rows;
        if not keep then
          raise exception using errcode = 'HT000', message = rows;
        end if;
        told := told || rows;
      exception when others then
        get stacked diagnostics c = returned_sqlstate, m = message_text, d = pg_exception_detail, h = pg_exception_hint, n = constraint_name;
        told := told || case when c = 'HT000' then m else concat_ws('|', c, m, d, h, n) end;
      end;
    end loop;
    return told;
  end $$;
  grant execute on function app.tried to ringfence_app`;

/** Every function that requests may call, and the ids that are said in it. */
export class Calls {
  private constructor(
    private readonly stage: Stage,
    private readonly admin: Client,
    readonly calls: Call[],
    /** ids of B, by what they are the ids of */
    readonly theirs: Readonly<Record<string, string>>,
  ) {}

  static async of(stage: Stage, { a, b }: World): Promise<Calls> {
    const { admin, planter, target } = stage;
    const ids: Record<string, string> = {};
    for (const name of Object.keys(target.theirs)) ids[name] = (await planter.ensure(name, a.id))['id'] ?? '';
    ids['app.roles'] = (await planter.plant('app.roles', a.id))['id']!;
    const calls = callsOf(await callablesOf(admin), ofA(a, ids));
    await admin.query(TRIED);
    const theirs: Record<string, string> = { person: b.users.owner.id, role: b.roles.owner, deal: b.deals['owner-public']! };
    for (const [table, { id }] of Object.entries(target.theirs)) if (id) theirs[table] = id;
    for (const table of ['auth.webhook_secrets', 'auth.mail_outbox', 'auth.sessions'])
      theirs[table] = (await planter.ensure(table, b.id))['id']!;
    return new Calls(stage, admin, calls, theirs);
  } // prettier-ignore

  /** @returns where the answer to an id of B is not the one to an id of nothing */
  async unlike(): Promise<string[]> {
    const faults: string[] = [];
    const ids = Object.entries(this.theirs);
    const drawn: readonly string[] = ACCEPTED['keys that are drawn'].calls;
    for (const call of this.calls) {
      const asked = ids.flatMap(([, id]) => [id, call.what.endsWith('.p_after') ? beside(id) : NEVER]);
      const came = (await this.tried(asked.map(call.sql))).map((text, n) => plain(text.replaceAll(asked[n]!, '*')));
      for (const [n, [kind, id]] of ids.entries()) {
        const [theirs, nothing] = [came[2 * n]!, came[2 * n + 1]];
        const isKnown = drawn.includes(`${call.what} of ${kind}`) && theirs?.startsWith('23505|');
        if (theirs !== nothing && !isKnown)
          faults.push(`${call.what} of ${kind}: ${theirs}, and for an id of nothing ${nothing}`);
        for (const word of this.stage.leaked('app', theirs, id)) faults.push(`${call.what} of ${kind} tells ${word}`);
      }
    }
    return faults;
  }

  /** @returns what all calls with all ids of B, one after the other, have changed of others than A */
  async changed(): Promise<string[]> {
    const before = await this.stage.others();
    const ids = Object.values(this.theirs);
    return this.asA(async () => {
      for (const { sql } of this.calls)
        await this.admin.query('select app.tried($1, true)', [ids.map(sql)]);
      await this.admin.query('reset session authorization; set constraints all immediate');
      return differing(before, await this.stage.others());
    });
  } // prettier-ignore

  /** @returns which answer to an id of A's as to one of nothing, and are not known for it */
  async silent(): Promise<string[]> {
    const found: string[] = [];
    for (const { what, sql, own } of this.calls) {
      const [mine, nothing] = (await this.tried([own, sql(NEVER)])).map(plain);
      if (mine === nothing && !SILENT[what]) found.push(what);
    }
    return found;
  }

  private tried(statements: string[]): Promise<string[]> {
    return this.asA(
      async () =>
        (await this.admin.query<{ told: string[] }>('select app.tried($1, false) as told', [statements])).rows[0]!.told,
    );
  }

  private async asA<T>(work: () => Promise<T>): Promise<T> {
    const enter = `select app.enter(${literal(this.stage.caps.a)}, '{}')`;
    await this.admin.query(`begin; set local session authorization ringfence_app; ${enter}`);
    try {
      return await work();
    } finally {
      await this.admin.query('rollback');
    }
  }
}

/** The id next to it, of nothing: in an order, it has the same place. */
const beside = (id: string): string => id.slice(0, -1) + (id.endsWith('f') ? '0' : 'f');

/** Without what differs from call to call. */
const plain = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uuid')
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+00(:00)?)?/g, 'time')
    .replaceAll(/\\x[0-9a-f]+/g, 'hex');
