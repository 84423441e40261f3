import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { readdirSync } from 'node:fs';
import { ALLOWED } from '../../src/modules/doctor/allowed.js';
import type { Check, Finding } from '../../src/modules/doctor/check.js';
import { CHECKS } from '../../src/modules/doctor/checks/index.js';
import { findingsOf } from '../../src/modules/doctor/doctor.js';
import { useDatabase } from '../support/database.js';
import type { Defect, Planted } from './planted.js';

const { db } = useDatabase();
const files = (folder: string): string[] => readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const planted = new Map<string, Planted>();
for (const id of files('test/doctor/planted'))
  planted.set(id, ((await import(`./planted/${id}.js`)) as { planted: Planted }).planted);

let admin: Client;
beforeAll(async () => {
  admin = await db.as('admin');
});

/** What the check finds as the role that it asks for, with the defect there; nothing of it stays. */
async function findings(check: Check, plant = ''): Promise<Finding[]> {
  await admin.query('begin');
  try {
    await admin.query(plant);
    await admin.query("set local search_path = ''");
    await admin.query(`set local session authorization ringfence_${check.asks}`);
    return await findingsOf(check, async <Row extends object>(sql: string) => (await admin.query<Row>(sql)).rows);
  } finally {
    await admin.query('rollback');
  }
}

const allowed = (check: Check): string[] => ALLOWED.filter((one) => one.check === check.id).map((one) => one.object);

describe.each(CHECKS)('$id', (check) => {
  it('finds nothing on the migrated database, but what is allowed', async () => {
    const objects = (await findings(check)).filter((found) => !allowed(check).includes(found.object));
    expect(objects).toEqual([]);
  });

  it.each(planted.get(check.id) ?? [{ name: 'nothing is planted', object: 'a defect' }])(
    'finds: $name',
    async ({ plant, asked = (sql) => sql, object, detail }: Defect) => {
      const seen = (await findings({ ...check, sql: asked(check.sql) }, plant)).filter(
        (found) => !allowed(check).includes(found.object),
      );
      expect(seen).toContainEqual({
        object: typeof object === 'string' ? object : expect.stringMatching(object),
        detail: detail ? expect.stringMatching(detail) : expect.any(String),
      });
    },
  );
});

describe('the checks', () => {
  it('each have a file and a planted defect', () => {
    const ids = CHECKS.map(({ id }) => id).sort();
    expect(
      files('src/modules/doctor/checks')
        .filter((name) => name !== 'index')
        .sort(),
    ).toEqual(ids);
    expect([...planted.keys()].sort()).toEqual(ids);
    expect([...planted].filter(([, defects]) => defects.length === 0)).toEqual([]);
  });
});
