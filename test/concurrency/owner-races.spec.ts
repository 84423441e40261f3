import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { provisionTenant, standardRolesOf } from '../../src/modules/tenancy/index.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { type Deed, useRaces } from '../support/races.js';
import type { Tenant } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db);
const { race, raceByHand, sure } = useRaces(db);

/** A tenant of its own, without anybody in it. */
async function freshTenant(): Promise<Tenant> {
  return db.service(async (client) => {
    const slug = `t-${randomUUID()}`.slice(0, 30).replace(/-$/, '');
    const id = await provisionTenant(client, slug, slug);
    return { id, slug, roles: await standardRolesOf(client, id) } as Tenant;
  });
}

const ownersOf = async (tenant: Tenant): Promise<string[]> =>
  (
    await db.look<{ id: string }>(
      `select user_id as id from app.memberships where tenant_id = $1 and role_id = $2 and status = 'active' order by 1`,
      [tenant.id, tenant.roles.owner],
    )
  ).map(({ id }) => id);

const transfer = (to: string): Deed => ['select app.transfer_ownership($1)', [to]];

describe('the owner', () => {
  it('hands over twice at once: the second is no owner any more', async () => {
    const t = await freshTenant();
    const [owner, p, q] = [
      await newcomer(db, [t, 'owner']),
      await newcomer(db, [t, 'viewer']),
      await newcomer(db, [t, 'admin']),
    ];
    const caps = [await sure(t, owner), await sure(t, owner)] as const;
    expect(await race([caps[0], transfer(p.id)], [caps[1], transfer(q.id)])).toEqual(['done', 'RF007']);
    expect(await ownersOf(t)).toEqual([p.id]);
  });

  it('of two owners who hand over to each other at once, one is left, and then one too', async () => {
    const t = await freshTenant();
    const [x, y] = [await newcomer(db, [t, 'owner']), await newcomer(db, [t, 'owner'])];
    const outcome = await race([await sure(t, x), transfer(y.id)], [await sure(t, y), transfer(x.id)]);
    expect(outcome).toEqual(['done', 'done']);
    expect(await ownersOf(t)).toEqual([x.id]);
  });

  it('two leave at once, one stays', async () => {
    const t = await freshTenant();
    const [x, y] = [await newcomer(db, [t, 'owner']), await newcomer(db, [t, 'owner'])];
    const leave: Deed = ['select app.leave_tenant(null)', []];
    expect(await race([await sure(t, x), leave], [await sure(t, y), leave])).toEqual(['done', 'RF008']);
    expect(await ownersOf(t)).toEqual([y.id]);
  });

  it.each([
    ['suspended', `update app.memberships set status = 'suspended' where user_id = $1`],
    ['removed', 'delete from app.memberships where user_id = $1'],
  ])('two are %s at once by hand, one stays', async (_, text) => {
    const t = await freshTenant();
    const [x, y] = [await newcomer(db, [t, 'owner']), await newcomer(db, [t, 'owner'])];
    expect(await raceByHand([text, [x.id]], [text, [y.id]])).toEqual(['done', 'RF008']);
    expect(await ownersOf(t)).toEqual([y.id]);
  });

  it('hands over in twenty requests at once: one is answered, and there is one owner', async () => {
    const t = await freshTenant();
    const owner = await newcomer(db, [t, 'owner']);
    const heirs = await Promise.all(Array.from({ length: 20 }, () => newcomer(db, [t, 'viewer'])));
    const { accessToken: token } = await grantTo(held.app, db, owner.id, { tenant: t.id, aal: 2 });
    const answers = await Promise.all(
      heirs.map(({ id }) =>
        held.app.call('POST', '/v1/tenants/current/transfer-ownership', { token, body: { userId: id } }),
      ),
    );
    const won = answers.flatMap(({ status }, n) => (status === 204 ? [heirs[n]!.id] : []));
    expect(won).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 204).map(({ body }) => body.code))).toEqual(
      new Set(['permission_missing']),
    );
    expect(await ownersOf(t)).toEqual(won);
  });
});
