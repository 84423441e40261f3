import { acting } from '../../support/acting.js';
import type { Stage } from './stage.js';

/** What B has locked while A tries: its rows, its tenant, its roles, a row that is not committed yet. */
const HELD = [
  'select from app.deals for update',
  `update app.deals set title = title`,
  `insert into app.deals (title, amount, currency) values ('x', 1, 'EUR')`,
  `select app.create_role('held', 'Held', '{}', array[(select id from app.roles where slug = 'admin')])`,
  `select app.update_tenant('{"name": "Held"}', null)`,
];

/** @returns statements of A that waited for B, or came to something else than without B's locks */
export async function waits(stage: Stage): Promise<string[]> {
  const { a, b } = stage.target;
  const id = b.deals['owner-public'];
  const statements = [
    ...['update', 'no key update', 'share', 'key share'].flatMap((how) => [
      `select from app.deals where id = '${id}' for ${how}`,
      `select from app.deals where tenant_id = '${b.id}' for ${how} nowait`,
      `select count(*) from (select from app.deals for ${how} nowait) d`,
      `select count(*) from (select from app.deals for ${how} skip locked) d`,
    ]),
    `update app.deals set title = title where id = '${id}'`,
    `update app.deals set title = title`,
    `delete from app.deals where id = '${id}'`,
    `insert into app.deals (title, amount, currency) values ('x', 1, 'EUR')`,
    `insert into app.deals (owner_id, title, amount, currency) values ('${b.users.owner.id}', 'x', 1, 'EUR')`,
    `select app.explain('read', 'deal', '${id}', null)`,
    `select app.refusal_of('deal', 'update', '${id}')`,
    `select app.end_sessions_of('${b.users.member.id}')`,
    `select app.create_role('held', 'Held', '{}', array['${a.roles.admin}']::uuid[]) is null`,
    `select app.assign_role('${b.users.member.id}', '${a.roles.viewer}')`,
    `select app.update_tenant('{"name": "Alpha"}', null)`,
  ];
  const all = async (): Promise<string[]> => {
    const told: string[] = [];
    for (const sql of statements) {
      const { code, count, text } = await stage.told('app', [`set local lock_timeout = '150ms'`, sql], true);
      told.push(`${sql}: ${code ?? count} ${text}`);
    }
    return told;
  };
  const free = await all();
  const theirs = await stage.db.as('app');
  return acting(theirs, stage.caps.b, async () => {
    for (const sql of HELD) await theirs.query(sql);
    return (await all()).filter((told, n) => told !== free[n] || /: 55P03 /.test(told));
  });
}
