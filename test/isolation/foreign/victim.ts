import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { provisionTenant, standardRolesOf } from '../../../src/modules/tenancy/index.js';
import { isTenantTable, tenantColumnOf } from '../../support/catalogue.js';
import type { TestDatabase } from '../../support/database.js';
import { fingerprintOf } from '../../support/fingerprint.js';
import { newcomer } from '../../support/people.js';
import { Planter } from '../../support/plant-row.js';
import type { Row } from '../../support/plant-values.js';
import type { Person, Tenant } from '../../support/world.js';

/** How far it is, and what holds it up. */
const SEALED = `
  select (select count(*) from app.audit_log where tenant_id = $1) as entries, (select count(*) from app.audit_leaves where tenant_id = $1) as leaves,
         (select count(*) from app.audit_checkpoints where tenant_id = $1) as checkpoints,
         (select json_agg(concat_ws(' ', datname, usename, state, now() - xact_start, left(query, 60))) from pg_stat_activity
           where xact_start < now() - interval '5 seconds') as open`;

/** A tenant with which nobody else has anything to do, and rows of every kind in it. */
export class Victim {
  private readonly rows = new Map<string, Row>();

  private constructor(
    readonly admin: Client,
    readonly planter: Planter,
    readonly tenant: Pick<Tenant, 'id' | 'slug'>,
    readonly owner: Person,
  ) {}

  static async planted(db: TestDatabase): Promise<Victim> {
    const slug = `victim-${randomBytes(6).toString('hex')}`;
    const { id, roles } = await db.service(async (client) => {
      const made = await provisionTenant(client, slug, 'Victim');
      return { id: made, roles: await standardRolesOf(client, made) };
    });
    const whole = { id, slug, roles } as Tenant;
    const owner = await newcomer(db, [whole, 'owner']);
    await newcomer(db, [whole, 'member']);
    const admin = await db.as('admin');
    const victim = new Victim(admin, await Planter.of(admin), whole, owner);
    await victim.furnish();
    return victim;
  }

  /** Two rows of everything, so that each list has a second page. The log is what was done, and proves it. */
  private async furnish(): Promise<void> {
    for (const { name } of [...this.planter.relations.values()].filter(isTenantTable)) {
      if (/^app\.(audit_|tenants$)/.test(name)) continue;
      await this.planter.ensure(name, this.tenant.id);
      await this.planter.plant(name, this.tenant.id).catch(() => undefined); // of some there is one only
    }
  }

  /** Until the list of their checkpoints has a second page. @throws Error after two minutes: whatever is open holds it up */
  async sealed(): Promise<void> {
    for (const end = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const { rows } = await this.admin.query<{ checkpoints: string }>(SEALED, [this.tenant.id]);
      if (Number(rows[0]?.checkpoints) > 1) return;
      if (Date.now() > end) throw new Error(`the log of the victim is not sealed: ${JSON.stringify(rows[0])}`);
      // another entry makes another one
      await this.admin.query(`select auth.record_audit($1, null, null, null, 'deal.updated', 'deal', null, 'success', null, 1, '{}', '{}')`, [this.tenant.id]); // prettier-ignore
    }
  }

  /** A row of the table: the same one each time. */
  async row(table: string): Promise<Row> {
    const known = this.rows.get(table) ?? (await this.found(table));
    this.rows.set(table, known);
    return known;
  }

  /** @param column with its table: `app.deals.id` */
  async id(column: string): Promise<string> {
    const dot = column.lastIndexOf('.');
    const id = (await this.row(column.slice(0, dot)))[column.slice(dot + 1)];
    if (id == null) throw new Error(`the victim has no ${column}`);
    return id;
  }

  private found(table: string): Promise<Row> {
    const relation = this.planter.relations.get(table);
    const isTheirs = relation && tenantColumnOf(relation) === undefined; // a person's, and so one of their person's
    return isTheirs ? this.planter.plant(table, this.tenant.id, { user_id: this.owner.id }) : this.planter.ensure(table, this.tenant.id); // prettier-ignore
  }

  /** A digest of all that is theirs, by table. */
  fingerprint(): Promise<Record<string, string | null>> {
    return fingerprintOf(this.admin, this.planter.relations.values(), this.tenant.id);
  }
}

/** Looks like the other one, and is of nothing. */
export const ofNothing = (id: string): string =>
  /^[0-9a-f-]{36}$/.test(id) ? id.slice(0, -12) + randomUUID().slice(-12) : `${id.slice(0, -6)}${randomBytes(3).toString('hex')}`; // prettier-ignore
