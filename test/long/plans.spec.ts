import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Client } from 'pg';
import { acting } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { type ManyDeals, plantManyDeals } from './many-deals.js';
import { WHOLE } from './whole.js';

/*
 * How PostgreSQL goes about what the application asks, on a million rows, as the application's role. The plans are kept in
 * bench/plans, to be read; a test compares their shape and no time. PLANS=write keeps what they are now. On fewer rows
 * (SCALE) some are planned otherwise: what must hold of each holds there, too.
 */
const { db } = useDatabase();
let app: Client;
let planted: ManyDeals;
beforeAll(async () => {
  planted = await plantManyDeals(db);
  app = await db.as('app');
}, 20 * 60_000);

const FILE = `select f.*, v.content_type, v.size from app.files f
  left join app.file_versions v on v.tenant_id = f.tenant_id and v.file_id = f.id and v.number = f.current`;
const STATEMENTS: Record<string, (given: ManyDeals) => string> = {
  'deals-newest': () => 'select d.* from app.deals d order by d.id desc limit 20',
  'deals-next-page': ({ ownDeal }) => `select * from app.deals where id < '${ownDeal}' order by id desc limit 20`,
  'deals-of-a-stage': () => `select * from app.deals where stage = 'won' order by id desc limit 20`,
  'deals-of-an-owner': ({ userId }) => `select * from app.deals where owner_id = '${userId}' order by id desc limit 20`,
  'deals-count': () => 'select count(*) from app.deals',
  'deal-read': ({ ownDeal }) => `select * from app.deals where id = '${ownDeal}'`,
  'deal-update': ({ ownDeal }) => `update app.deals set title = 'New' where id = '${ownDeal}' and version = any('{1}')`,
  'deal-delete': ({ ownDeal }) => `delete from app.deals where id = '${ownDeal}' and version = any('{1}')`,
  'file-read': ({ ownFile }) => `${FILE} where f.id = '${ownFile}'`,
  'files-newest': () => `${FILE} order by f.id desc limit 20`,
  'files-of-a-record': ({ ownDeal }) =>
    `${FILE} where f.resource_type = 'deal' and f.resource_id = '${ownDeal}' order by f.id desc limit 20`,
  'file-versions': ({ ownFile }) => `select * from app.file_versions where file_id = '${ownFile}' order by number desc`,
  'jobs-list': () => 'select id, kind, status from app.jobs order by id desc limit 20',
  'roles-list': () => 'select * from app.roles order by id limit 20',
  'members-list':
    () => `select m.user_id, p.full_name from app.memberships m join app.profiles p using (tenant_id, user_id)
    order by m.user_id limit 20`,
  'invitations-list': () => 'select id, email from app.invitations order by id desc limit 20',
};
/** A handful of rows a tenant: the planner may take them in whichever way. */
const SMALL = ['jobs-list', 'roles-list', 'members-list', 'invitations-list'];

async function planOf(statement: string): Promise<string> {
  return acting(app, planted.cap, async () => {
    const { rows } = await app.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${statement}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n').replace(/'[0-9a-f-]{36}'/g, `'<id>'`) + '\n'; // prettier-ignore
  });
}

/** Nodes, the indexes that they use and how; not the texts of filters. */
const shapeOf = (plan: string): string[] =>
  plan.split('\n').filter((line) => /^\S|->|InitPlan|SubPlan|Index Cond/.test(line));

describe.each(Object.keys(STATEMENTS))('%s', (name) => {
  const file = `bench/plans/${name}.txt`;

  if (WHOLE)
    it('is planned as it was when its plan was read', async () => {
      const plan = await planOf(STATEMENTS[name]!(planted));
      if (process.env['PLANS'] === 'write') writeFileSync(file, plan);
      expect(shapeOf(plan)).toEqual(shapeOf(readFileSync(file, 'utf8')));
    });

  it('asks who is there once a statement, not once a row, and reads its own tenant alone', async () => {
    const plan = await planOf(STATEMENTS[name]!(planted));
    if (name.startsWith('file')) expect(plan).not.toMatch(/hashed SubPlan|Seq Scan/);
    else expect(plan).not.toMatch(/SubPlan/);
    expect(plan).toMatch(/InitPlan/);
    expect(plan.replace(/\(InitPlan \d+\)\.col\d+/g, '')).not.toMatch(
      /(Filter|Cond): .*app\.(may|tenant_id|user_id|subordinate)/,
    );
    if (!SMALL.includes(name)) {
      expect(plan).toMatch(/Index (Only )?Scan/);
      expect(plan).toMatch(/Index Cond: \(.*tenant_id = \(InitPlan \d+\)\.col1/);
      expect(plan).not.toMatch(/Seq Scan on deals/);
    }
  });
});

it('the one in the middle of fifty roles sees some deals of others, and not all', async () => {
  await acting(app, planted.cap, async () => {
    const { rows } = await app.query<{ seen: string; below: number }>(
      'select count(*) as seen, cardinality(app.subordinate_role_ids()) as below from app.deals',
    );
    expect(rows[0]?.below).toBeGreaterThan(10);
    expect(Number(rows[0]?.seen)).toBeGreaterThan(300);
    expect(Number(rows[0]?.seen)).toBeLessThan(1_001);
  });
});
