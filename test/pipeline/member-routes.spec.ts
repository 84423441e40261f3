import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { TenantGuard } from '../../src/pipeline/03-tenant.guard.js';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { MemberOnly } from '../../src/route/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';

/* @MemberOnly: a live membership is all it takes, whatever the role holds; and nothing less will do. */

@Controller('v1/club')
class ClubController {
  /** Never touches the database. */
  @Get()
  @MemberOnly()
  enter(): { ok: boolean } {
    return { ok: true };
  }
}

@Module({ controllers: [ClubController] })
class ClubModule {}

const always = { canActivate: () => true };

describe.each(['as it is', 'with the guards taken out, the database alone'])('a route for members, %s', (way) => {
  const { db } = useDatabase();
  const { a, nobody } = db.world;
  const guarded = way === 'as it is';
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp(
      db,
      {},
      (builder) =>
        guarded
          ? builder
          : builder.overrideProvider(TenantGuard).useValue(always).overrideProvider(AssuranceGuard).useValue(always),
      [ClubModule],
    );
  });

  const enter = (token?: string) => app.call('GET', '/v1/club', { token });

  it('lets in a member whose role holds nothing', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    await db.look('delete from app.role_permissions where tenant_id = $1 and role_id = $2', [a.id, a.roles.viewer]);
    expect((await enter((await grantTo(app, db, person.id)).accessToken)).status).toBe(200);
  });

  it('refuses who is nobody, and who is in no tenant', async () => {
    expectProblem(await enter(), 401, 'not_authenticated');
    const { accessToken } = await grantTo(app, db, nobody.id);
    const refused = await enter(accessToken);
    if (guarded) expectProblem(refused, 403, 'tenant_required');
    else expectProblem(refused, 401);
  });

  it('refuses a member who was removed or suspended since the token was made, and one of a suspended tenant', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken: token } = await grantTo(app, db, person.id);
    await db.look(`update app.tenants set status = 'suspended' where id = $1`, [a.id]);
    expectProblem(await enter(token), 403, 'tenant_suspended');
    await db.look(`update app.tenants set status = 'active' where id = $1`, [a.id]);
    expect((await enter(token)).status).toBe(200);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [person.id]);
    expectProblem(await enter(token), 403, 'membership_suspended');
    await db.look('delete from app.memberships where user_id = $1', [person.id]);
    expectProblem(await enter(token), 401, 'session_ended');
  });

  it('refuses a member without a second factor where the tenant demands one', async () => {
    await db.look('update app.tenants set min_aal = 2 where id = $1', [a.id]);
    const { accessToken } = await grantTo(app, db, a.users.member.id);
    expectProblem(await enter(accessToken), 403, 'aal2_required');
    await db.look('update app.tenants set min_aal = 1 where id = $1', [a.id]);
  });
});
