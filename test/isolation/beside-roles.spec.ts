import { describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { lockAwaited } from '../support/lock-awaited.js';
import { newcomer } from '../support/people.js';
import { plantActor, plantRole } from '../support/role-graph.js';
import { useRoleCast } from '../support/role-cast.js';
import { acting, plantCapability } from '../support/acting.js';

/* What a change of roles does beside whoever makes it, and owners who cannot sign in. */

const { db } = useDatabase();
const cast = useRoleCast(db);
const { a, b } = db.world;

describe('a role that stands below two', () => {
  it('brings nothing to the other one by a new permission, a new parent or a new child', async () => {
    const { shared, sub, peer } = cast.role;
    await cast.expectRefusal('lead', 'RF005', 'select app.set_role_permissions($1, $2, null)', [
      shared,
      ['role:create'],
    ]);
    await cast.expectRefusal('lead', 'RF005', `select app.create_role('beside', 'Beside', '{role:create}', $1)`, [
      [shared],
    ]);
    const rich = await plantRole(db, a, ['role:update'], [cast.role.lead]);
    await cast.expectRefusal('lead', 'RF005', 'select app.set_role_parents($1, $2, null)', [
      rich,
      [cast.role.lead, shared],
    ]);
    const { rows } = await (
      await db.as('owner')
    ).query('select permissions from auth.role_rights where role_id = $1', [peer]);
    expect(rows[0].permissions).toEqual(['deal:delete']);
    const lead = await plantActor(db, a, cast.role.lead);
    await acting(cast.app, lead.cap, async () => {
      await cast.app.query('select app.set_role_permissions($1, $2, null)', [shared, []]);
      await cast.app.query('select app.set_role_permissions($1, $2, null)', [sub, ['role:create']]);
    });
  });
});

describe('an account that is disabled', () => {
  it('is no owner: not the last one, nobody’s successor, and nobody’s heir', async () => {
    const second = await newcomer(db, [b, 'owner']);
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [second.id]);
    const app = await db.as('app');
    const { cap } = await plantCapability(db, b, b.users.owner, 2);
    const code = (text: string, values: unknown[]) =>
      acting(app, cap, () => app.query(`set constraints all immediate; `).then(() => app.query(text, values))).then(
        () => 'done',
        (error: { code: string }) => error.code,
      );
    expect(await code('select app.transfer_ownership($1)', [second.id])).toBe('P0002');
    expect(await code('select app.transfer_record($1, $2, $3)', ['deal', b.deals['owner-private'], second.id])).toBe(
      'RF017',
    );
    expect(await code('select app.leave_tenant($1)', [second.id])).toBe('RF017');
    expect(await code('select app.leave_tenant($1)', [b.users.admin.id])).toBe('RF008');
  });
});

describe('a permission that a new version brings', () => {
  it('reaches each tenant but one whose roles are being changed, starts the server all the same, and comes there later', async () => {
    const app = await db.as('app');
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    await app.query('begin');
    await app.query(`select app.enter($1, '{}')`, [cap]);
    await app.query('select app.assign_role($1, $2)', [a.users.viewer.id, a.roles.viewer]); // holds the tenant's lock
    const catalogue = JSON.stringify([{ code: 'novelty:read', description: 'New', from: 'viewer' }]);
    const owner = await db.as('owner');
    const having = async (): Promise<string[]> => {
      const { rows } = await owner.query<{ id: string }>(
        `select r.tenant_id as id from auth.role_rights r
          where r.role_id = any ($1) and 'novelty:read' = any (r.permissions) group by 1 having count(*) = 2`,
        [[a.roles.owner, a.roles.viewer, b.roles.owner, b.roles.viewer]],
      );
      return rows.map(({ id }) => id);
    };
    await db.look('select auth.sync_permissions($1)', [catalogue]);
    expect(await having()).toEqual([b.id]);
    const server = await startApp(db);
    expect((await server.call('GET', '/readyz')).status).toBe(200);
    await app.query('rollback');
    expect(await db.look('select auth.spread_permissions(100) as left')).toEqual([{ left: 0 }]);
    expect((await having()).sort()).toEqual([a.id, b.id].sort());
  });

  it('reaches a tenant that is being made meanwhile', async () => {
    const [first, second] = [await db.as('service'), await db.as('service')];
    const catalogue = JSON.stringify([{ code: 'novelty:create', description: 'New', from: 'admin' }]);
    await first.query('begin');
    await first.query('select auth.sync_permissions($1)', [catalogue]);
    const making = second.query<{ id: string }>(`select app.provision_standard_tenant('gamma', 'Gamma') as id`);
    await lockAwaited(db, 'ringfence_service');
    await first.query('commit');
    const { rows } = await making;
    const held = await db.look<{ slug: string }>(
      `select r.slug from app.role_permissions p join app.roles r on (r.tenant_id, r.id) = (p.tenant_id, p.role_id)
        where p.tenant_id = $1 and p.permission = 'novelty:create' order by 1`,
      [rows[0]?.id],
    );
    expect(held).toEqual([{ slug: 'admin' }, { slug: 'owner' }]);
  });
});
