import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomInt, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { may, mayCreate, type ModelWorld, VERBS } from '../support/authoriser.js';
import { useDatabase } from '../support/database.js';
import { anyWorld, creates, inWorld, type LoadedWorld, reached } from '../support/model-world.js';

const { db } = useDatabase();
const { a, b } = db.world;
const seed = Number(process.env['MODEL_SEED'] ?? randomInt(2 ** 31));
let admin: Client;

beforeAll(async () => {
  admin = await db.as('admin');
});

interface Answer {
  allowed: boolean;
  decidedBy: string;
  reasons: {
    step: string;
    holds: boolean;
    relation?: string;
    roles?: { id: string; slug: string }[] | null;
    permission?: string;
  }[];
}

/** One question as the application's role, in the transaction that is open. */
async function ask<T>(cap: string, text: string, values: unknown[] = []): Promise<T> {
  await admin.query('savepoint question');
  try {
    await admin.query('set local role ringfence_app');
    await admin.query(`select app.enter($1, '{}')`, [cap]);
    return (await admin.query<{ answer: T }>(text, values)).rows[0]?.answer as T;
  } finally {
    await admin.query('rollback to question');
  }
}

type Row = { id: string; verb: string; answer: Answer };
const ALL = `select jsonb_agg(jsonb_build_object('id', d, 'verb', v, 'answer', app.explain(v, 'deal', d, $2))) as answer
  from unnest($1::uuid[]) d, unnest('{read,update,delete}'::text[]) v`;

/** What every answer is, whatever it says. */
function expectSound({ allowed, decidedBy, reasons }: Answer): void {
  const order = ['tenant', 'session', 'aal', 'permission', 'visibility', 'rule'];
  const steps = reasons.map(({ step }) => order.indexOf(step));
  expect(steps).toEqual([...steps].sort((x, y) => x - y));
  expect(reasons.every(({ holds }) => holds)).toBe(allowed);
  const last = reasons.at(-1);
  expect(decidedBy).toBe(allowed ? (last?.relation ?? last?.step) : last?.step);
}

/** Any world in which somebody is the root role's, who is let in and asks about the others. */
const withAsker = anyWorld.map((world): ModelWorld => {
  const asker = { role: 0, active: true, aal: 2 as const };
  return { ...world, members: [...world.members, asker] };
});
const sample = (numRuns: number): ModelWorld[] => fc.sample(withAsker, { seed, numRuns });

describe(`what it says of generated tenants (MODEL_SEED=${seed})`, () => {
  it('is what happens: single read, list, count, update, delete and create, for every member and record', async () => {
    let compared = 0;
    for (const world of sample(6))
      await inWorld(admin, world, async (loaded) => {
        for (const [member, cap] of loaded.caps.entries()) compared += await compare(world, loaded, member, cap);
      });
    expect(compared).toBeGreaterThan(200);
  });

  async function compare(world: ModelWorld, loaded: LoadedWorld, member: number, cap: string): Promise<number> {
    const { active, aal } = world.members[member] as ModelWorld['members'][number];
    if (!active || aal < world.minAal) {
      await expect(ask(cap, ALL, [loaded.recordIds, null])).rejects.toMatchObject({ code: '42501' });
      return 0;
    }
    const happened = await reached(admin, cap);
    const rows = await ask<Row[]>(cap, ALL, [loaded.recordIds, null]);
    for (const { id, verb, answer } of rows) {
      expectSound(answer);
      expect([id, verb, answer.allowed]).toEqual([id, verb, happened[verb as keyof typeof happened].has(id)]);
    }
    const seen = rows.filter(({ verb, answer }) => verb === 'read' && answer.allowed).map(({ id }) => id);
    expect(await ask<string>(cap, 'select count(*)::int as answer from app.deals')).toBe(seen.length);
    const list = `select coalesce(jsonb_agg(id), '[]') as answer from app.newest_deals(100)`;
    expect((await ask<string[]>(cap, list)).sort()).toEqual(seen.sort());
    const single = `select coalesce(jsonb_agg(d.id), '[]') as answer from unnest($1::uuid[]) x (id) join lateral
      (select e.id from app.deals e where e.id = x.id) d on true`;
    expect((await ask<string[]>(cap, single, [loaded.recordIds])).sort()).toEqual(seen.sort());
    const create = await ask<Answer>(cap, `select app.explain('create', 'deal', null, null) as answer`);
    expectSound(create);
    expect(create.allowed).toBe(await creates(admin, cap));
    return rows.length;
  }

  it('of another member is what happens to them, at the caller’s AAL; and who sees a record is that, too', async () => {
    for (const world of sample(3))
      await inWorld(admin, world, async (loaded) => {
        const asker = loaded.caps.length - 1;
        const cap = loaded.caps[asker] ?? '';
        const sure = { ...world, members: world.members.map((member) => ({ ...member, aal: 2 as const })) };
        const visible = loaded.recordIds.filter((_, record) => may(world, asker, 'read', record));
        for (const [member, id] of loaded.userIds.slice(0, asker).entries()) {
          for (const { id: record, verb, answer } of (await ask<Row[] | null>(cap, ALL, [visible, id])) ?? []) {
            expectSound(answer);
            const expected = may(sure, member, verb as 'read', loaded.recordIds.indexOf(record));
            expect([member, verb, answer.allowed]).toEqual([member, verb, expected]);
            if (!world.members[member]?.active) expect(answer.decidedBy).toBe('session');
          }
          const create = await ask<Answer>(cap, `select app.explain('create', 'deal', null, $1) as answer`, [id]);
          expect(create.allowed).toBe(mayCreate(sure, member));
        }
        for (const record of visible.slice(0, 8)) {
          const found = await ask<{ items: { userId: string; because: string }[] }>(
            cap, `select app.viewers('deal', $1, null, 100) as answer`, [record]); // prettier-ignore
          const index = loaded.recordIds.indexOf(record);
          const expected = loaded.userIds.filter((_, member) => may(sure, member, 'read', index));
          expect(found.items.map(({ userId }) => userId)).toEqual(expected.sort());
          const { owner, visibility } = world.records[index] as ModelWorld['records'][number];
          for (const { userId, because } of found.items) {
            const by = visibility === 'public' ? 'public' : 'owner_role_below';
            expect(because).toBe(userId === loaded.userIds[owner] ? 'owner' : by);
          }
        }
        const hidden = loaded.recordIds.find((id) => !visible.includes(id)) ?? randomUUID();
        for (const question of [
          `app.explain('read', 'deal', $1, '${loaded.userIds[0]}')`,
          `app.viewers('deal', $1, null, 9)`,
        ])
          for (const id of [hidden, a.deals['owner-public'], randomUUID()])
            await expect(ask(cap, `select ${question} as answer`, [id])).rejects.toMatchObject({ code: 'P0002' });
      });
  }, 60_000);

  it('tells a hidden record from none in nothing, and from another tenant’s neither', async () => {
    let hiddenOnes = 0;
    for (const world of sample(4))
      await inWorld(admin, world, async (loaded) => {
        for (const [member, cap] of loaded.caps.entries()) {
          const { active, aal } = world.members[member] as ModelWorld['members'][number];
          if (!active || aal < world.minAal) continue;
          const hidden = loaded.recordIds.filter((_, record) => !may(world, member, 'read', record));
          const strangers = [b.deals['owner-public'], randomUUID()];
          for (const verb of VERBS) {
            const told = `select jsonb_agg(distinct app.explain($2, 'deal', d, null)) as answer from unnest($1::uuid[]) d`;
            const answers = await ask<Answer[]>(cap, told, [[...hidden, ...strangers], verb]);
            expect(answers).toHaveLength(1);
            expect(answers[0]).toMatchObject({ allowed: false });
            const refused = `select jsonb_agg(distinct app.refusal_of('deal', $2, d)) as answer from unnest($1::uuid[]) d`;
            expect(await ask(cap, refused, [[...hidden, ...strangers], verb])).toEqual(['invisible']);
          }
          hiddenOnes += hidden.length;
        }
      });
    expect(hiddenOnes).toBeGreaterThan(10);
  });
});

describe('the reasons', () => {
  /** Roles: 0 root > 1 lead > 2 agent (may read and update) > 3 trainee; 4 clerk, below the root only. Members likewise. */
  const world: ModelWorld = {
    minAal: 1,
    roles: [
      { parents: [], permissions: [] },
      { parents: [0], permissions: [] },
      { parents: [1], permissions: ['deal:update'] },
      { parents: [2], permissions: ['deal:read'] },
      { parents: [0], permissions: ['deal:read'] },
    ],
    members: [0, 1, 2, 3, 4].map((role) => ({ role, active: true, aal: role === 0 ? 2 : 1 })),
    records: [
      { owner: 3, ownerRole: 3, visibility: 'controlled' },
      { owner: 3, ownerRole: 3, visibility: 'public' },
      { owner: 1, ownerRole: 1, visibility: 'private' },
    ],
  };
  const about = (loaded: LoadedWorld, by: number, action: string, record: number, user?: number): Promise<Answer> =>
    ask(loaded.caps[by] ?? '', `select app.explain($1, 'deal', $2, $3) as answer`, [
      action,
      loaded.recordIds[record],
      user === undefined ? null : loaded.userIds[user],
    ]);
  const slugs = (answer: Answer, step: string): (string | undefined)[] =>
    answer.reasons
      .filter((reason) => reason.step === step)
      .map(({ roles }) => roles?.map(({ slug }) => slug).join('>'));

  it('name the way down the roles', () =>
    inWorld(admin, world, async (loaded) => {
      const lead = await about(loaded, 1, 'update', 0);
      expect([lead.allowed, lead.decidedBy]).toEqual([true, 'owner_role_below']);
      expect(slugs(lead, 'permission')).toEqual(['r2>r3>r4', 'r2>r3']);
      expect(slugs(lead, 'visibility')).toEqual(['r2>r3>r4']);
      expect(slugs(await about(loaded, 0, 'delete', 0), 'permission')).toEqual(['r1', 'r1']);
      expect((await about(loaded, 3, 'read', 0)).decidedBy).toBe('owner');
      expect((await about(loaded, 4, 'read', 1)).decidedBy).toBe('public');
    }));

  it('name the first step that refuses, and end with it', () =>
    inWorld(admin, world, async (loaded) => {
      expect(await about(loaded, 4, 'update', 1)).toMatchObject({ allowed: false, decidedBy: 'permission' });
      expect(await about(loaded, 4, 'read', 0)).toMatchObject({ allowed: false, decidedBy: 'visibility' });
      const other = await about(loaded, 0, 'read', 0, 4);
      expect(other.reasons.at(-1)).toMatchObject({ relation: 'none', visibility: 'controlled' });
      await expect(about(loaded, 1, 'read', 0, 2)).rejects.toMatchObject({ code: 'RF007', detail: 'access:explain' });
      await expect(about(loaded, 0, 'read', 2, 1)).rejects.toMatchObject({ code: 'P0002' });
    }));

  it('know AAL2 policies, their age and further rules of a table, which nobody told them of', () =>
    inWorld(admin, world, async (loaded) => {
      const refusal = (by: number, action = 'update'): Promise<string | null> =>
        ask(loaded.caps[by] ?? '', `select app.refusal_of('deal', $2, $1) as answer`, [loaded.recordIds[1], action]);
      expect([await refusal(2), await refusal(0)]).toEqual([null, null]);
      expect([await refusal(4), await refusal(3, 'delete')]).toEqual(['permission', 'permission']);
      await admin.query(`call app.require_aal2('app.deals', '{update}', '10 minutes')`);
      expect([await refusal(2), await refusal(0)]).toEqual(['aal', null]);
      expect(await about(loaded, 2, 'update', 1)).toMatchObject({ allowed: false, decidedBy: 'aal' });
      expect(await about(loaded, 0, 'update', 1)).toMatchObject({ allowed: true, decidedBy: 'public' });
      // asked about by somebody who is sure, a member is judged as sure
      expect(await about(loaded, 0, 'update', 1, 2)).toMatchObject({ allowed: true });
      await admin.query(`update auth.capabilities set auth_time = now() - interval '11 minutes'`);
      expect(await about(loaded, 0, 'update', 1)).toMatchObject({ allowed: false, decidedBy: 'aal' });
      await admin.query(`drop policy aal2_update on app.deals;
        create policy frozen on app.deals as restrictive for update to ringfence_app using (stage <> 'lead')`);
      expect([await refusal(2), (await about(loaded, 2, 'update', 1)).decidedBy]).toEqual(['rule', 'rule']);
    }));

  it('are none for what there is no such thing of', () =>
    inWorld(admin, world, async (loaded) => {
      for (const question of [
        `app.explain('read', 'unicorn', $1, null)`,
        `app.explain('burn', 'deal', $1, null)`,
        `app.explain('create', 'deal', $1, null)`,
        `app.explain('read', 'deal', nullif($1::uuid, $1), null)`,
        `app.viewers('unicorn', $1, null, 10)`,
      ])
        expect(await ask(loaded.caps[0] ?? '', `select ${question} as answer`, [loaded.recordIds[1]])).toBeNull();
    }));
});
