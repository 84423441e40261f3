import { type Attack, closed, type Group, literal, nothing, own, refused, undone } from './attack.js';

/** Rows of B: named, counted, walked, copied, explained, joined. */
export const ROWS: Record<string, Group> = {
  reading: ({ a, b }) => {
    const theirs = `tenant_id = '${b.id}'`;
    const id = b.deals['owner-public']!;
    return [
      nothing(`select * from app.deals where ${theirs}`),
      nothing(`select * from app.deals where id = '${id}'`),
      nothing(`select ctid, tableoid, xmin, xmax, cmin, cmax from app.deals where ${theirs}`),
      nothing(`select * from app.deals where tenant_id <> '${a.id}'`),
      own(`select ctid, tableoid::regclass, xmin, xmax, * from app.deals`),
      own(`select * from app.deals where ctid = any (array(select format('(%s,%s)', p, n)::tid from generate_series(0, 40) p, generate_series(1, 100) n))`),
      own(`select * from app.deals tablesample system (100)`),
      own(`select * from app.deals tablesample bernoulli (100) repeatable (1)`),
      own('table app.deals'),
      own('select * from only app.deals'),
      own('select d from app.deals d'),
      own('select to_jsonb(d), row_to_json(d), d::text, pg_column_size(d), hash_record(d) from app.deals d'),
      own('select count(*), min(title), max(amount), array_agg(id), string_agg(title, $$,$$) from app.deals'),
      own('select tenant_id, count(*) over () from app.deals'),
      own('select grouping(tenant_id), tenant_id from app.deals group by rollup (tenant_id)'),
      nothing(`select from app.deals where ${theirs} union all select from app.deals where tenant_id <> '${a.id}'`),
      own(`with recursive r as (select id from app.deals union select d.id from app.deals d join r on true) select * from r`),
      own(`with d as materialized (select * from app.deals) select * from d`),
      own(`select (select array_agg(title) from app.deals where tenant_id = x.t) from (values ('${b.id}'::uuid)) x (t)`),
      nothing(`select d.* from (values ('${b.id}'::uuid)) x (t) join lateral (select * from app.deals where tenant_id = x.t) d on true`),
      own(`select x.t, d.id from (values ('${b.id}'::uuid)) x (t) full join app.deals d on d.tenant_id = x.t`),
      nothing(`select from app.deals where exists (select from app.deals e where e.tenant_id = '${b.id}')`),
      own(`select not exists (select from app.deals where id = '${id}') as absent`),
      nothing(`select from app.deals where ${theirs} having count(*) > 0`),
      own('copy app.deals to stdout'),
      own(`copy (select * from app.deals where ${theirs}) to stdout`),
      own('copy app.profiles to stdout (format binary)'),
      closed('copy auth.users to stdout'),
      own(['declare c cursor for select * from app.deals', 'fetch all from c']),
      nothing([`declare c cursor for select * from app.deals where ${theirs}`, 'fetch all from c']),
      own(['declare c cursor for select * from app.deals', `select set_config('app.cap', '', true)`, 'fetch all from c']),
      own(['declare c scroll cursor with hold for select * from app.deals', 'commit', 'fetch all from c', 'close c']),
      refused(['declare c cursor for select * from app.deals for update', 'fetch 1 from c', `update app.deals set owner_id = '${b.users.owner.id}' where current of c`]),
      own(['prepare p (uuid) as select * from app.deals where tenant_id = $1', `execute p ('${b.id}')`]),
      own(`explain (verbose, costs off) select * from app.deals where ${theirs}`),
      own(`explain (analyze, verbose, buffers off, timing off, wal, settings, memory, serialize) select * from app.deals where title < 'zzz'`),
      own('explain (analyze, costs off, timing off, summary off, buffers off) select count(*) from app.deals where title <> $$x$$'),
      closed('explain (generic_plan) select * from auth.users where id = $1'),
      own(`select * from app.newest_deals(1000)`),
      ...['profiles', 'memberships', 'roles', 'role_permissions', 'role_edges', 'role_closure', 'files', 'file_versions', 'api_keys',
        'webhooks', 'webhook_messages', 'webhook_deliveries', 'audit_log', 'audit_changes', 'storage_usage'].flatMap((table) => [
        nothing(`select * from app.${table} where tenant_id = '${b.id}'`),
        own(`select * from app.${table}`),
      ]),
      nothing(`select * from app.tenants where id <> '${a.id}'`),
      ...['users', 'sessions', 'capabilities', 'credentials', 'key_secrets', 'refresh_tokens', 'mail_outbox', 'webhook_secrets', 'role_rights',
        'permissions', 'operators', 'idempotency_keys'].map((table) => closed(`select * from auth.${table}`, '42501', '42P01')),
      closed('select auth.memberships_of(null)'),
      closed('select * from pgboss.job'),
    ]; // prettier-ignore
  },

  'functions that leak': ({ a, b }) => {
    const theirs = `tenant_id = '${b.id}'`;
    return [
      nothing(`select from app.deals where ${theirs} and 1 / (length(title) - length(title)) = 1`),
      nothing(`select from app.deals where ${theirs} and title::int > 0`),
      nothing(`select from app.deals where case when ${theirs} then title::int > 0 else false end`),
      nothing(`select from app.deals where ${theirs} and title::uuid is null`),
      nothing(`select from app.deals where ${theirs} and (title || id)::xml is null`),
      nothing(`select from app.deals where ${theirs} and ('"' || title)::jsonb is null`),
      nothing(`select from app.deals where ${theirs} and to_tsquery(title || ' &') is null`),
      nothing(`select from app.deals where ${theirs} and regexp_count(title, '(' || title) > 0`),
      nothing(`select from app.deals where ${theirs} and set_config('app.stolen', title, false) = 'x'`),
      nothing(`select from app.deals where ${theirs} and pg_input_is_valid(title, 'int')`),
      nothing(`select from app.deals where tenant_id <> '${a.id}' and power(amount, 100000) > 0`),
      nothing(`select from app.profiles where ${theirs} and currval(email) > 0`),
      nothing(`select from app.profiles where ${theirs} and email::regclass is null`),
      nothing(`select from app.profiles where ${theirs} and convert_from(email::bytea, full_name) = ''`),
      nothing(`select from app.profiles where ${theirs} and lpad(email, 1000000000) = ''`),
      nothing(`select from app.profiles where ${theirs} and app.canonical_email(email || '@@') = ''`),
      nothing(`select from app.profiles where ${theirs} and app.may(email) is null`),
      refused(`select 1 / count(*) from app.deals where ${theirs}`, '22012'),
      own(`select count(*) from app.deals where app.tenant_id() is distinct from tenant_id or random() < 2`),
      own(`select ts_stat($$select to_tsvector(title) from app.deals$$)`),
      own(`select ts_rewrite('a'::tsquery, $$select to_tsquery('simple', 'a'), to_tsquery('simple', 'b') from app.deals$$)`),
      ...['query_to_xml($$select * from app.deals$$, true, false, $$$$)', `table_to_xml('app.deals', true, false, '')`,
        `schema_to_xml('app', true, false, '')`, `database_to_xml(true, false, '')`, `cursor_to_xml('c', 1, true, false, '')`].map((call) =>
        refused(`select ${call}`, '42501')),
      own(`select jsonb_path_query(to_jsonb(d), '$.** ? (@ like_regex "beta")') from app.deals d`),
      own(`select jsonb_path_query('{"a": 1}', 'strict $.b', silent => true)`),
      own(`select * from json_table((select json_agg(d) from app.deals d), '$[*]' columns (title text path '$.title' error on error))`),
      own(`select xpath('//text()', xmlelement(name d, (select string_agg(title, '') from app.deals)))`),
      own(`select xmlparse(document '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>')::text`),
      own(`select * from xmltable('//d' passing (select xmlelement(name r, xmlagg(xmlelement(name d, title))) from app.deals) columns t text path '.')`),
      refused(`select jsonb_populate_record(null::app.deals, '{"amount": "beta"}')`, '22P02'),
      refused(`select ('(${b.id},x)')::app.deals`, '22P02'),
      own(`select jsonb_populate_record(null::app.deals, '{"tenant_id": "${b.id}"}')`),
    ]; // prettier-ignore
  },

  writing: ({ b, theirs: planted }) => {
    const theirs = `tenant_id = '${b.id}'`;
    const [deal, owner, role] = [b.deals['owner-public']!, b.users.owner.id, b.roles.owner];
    const values = `('${b.id}', '${owner}', '${role}', 'x', 1, 'EUR', 'public')`;
    const columns = 'tenant_id, owner_id, owner_role_id, title, amount, currency, visibility';
    const mine = `insert into app.deals (title, amount, currency, visibility)`;
    return [
      nothing(`update app.deals set title = 'evil' where ${theirs} returning old.*, new.*`),
      nothing(`update app.deals set title = 'evil' where id = '${deal}' returning old.title, new.title`),
      nothing(`delete from app.deals where ${theirs} returning old.*, new.*`),
      nothing(`delete from app.deals where id = '${deal}'`),
      nothing(`delete from app.deals using app.deals e where e.tenant_id = '${b.id}'`),
      nothing(`update app.deals d set title = e.title from app.deals e where e.tenant_id = '${b.id}' returning old.*, new.*`),
      nothing(`merge into app.deals t using (values ('${deal}'::uuid)) s (id) on t.id = s.id when matched then update set title = 'evil' returning merge_action(), old.*, new.*`),
      nothing(`merge into app.deals t using (values ('${deal}'::uuid)) s (id) on t.id = s.id when matched then delete returning *`),
      nothing(`merge into app.deals t using (values (1)) s on t.${theirs} when matched then delete`),
      refused(`merge into app.deals t using (values ('${deal}'::uuid)) s (id) on t.id = s.id when not matched then insert (${columns}) values ${values}`),
      nothing(`merge into app.deals t using (select 1) s on t.${theirs} when not matched by source and t.${theirs} then delete`),
      undone(`merge into app.deals t using (select 1) s on false when not matched by source then update set title = 'evil' returning old.*, new.*`),
      refused(`insert into app.deals (${columns}) values ${values}`),
      refused(`insert into app.deals (${columns}) values ${values} on conflict do nothing`),
      refused(`insert into app.deals (${columns}) values ${values} on conflict (tenant_id, id) do update set title = excluded.title returning old.*, new.*`),
      refused(`insert into app.deals (tenant_id, id, title, amount, currency) values ('${b.id}', '${deal}', 'x', 1, 'EUR') on conflict (tenant_id, id) do update set title = 'evil' returning old.*`),
      nothing(`${mine} select title, amount, currency, 'public' from app.deals where ${theirs} returning *`),
      refused(`insert into app.deals (${columns}) select '${b.id}', owner_id, owner_role_id, title, amount, currency, 'public' from app.deals`),
      refused(`insert into app.deals (owner_id, title, amount, currency) values ('${owner}', 'x', 1, 'EUR')`, '42501', '23503'),
      refused(`insert into app.deals (owner_role_id, title, amount, currency) values ('${role}', 'x', 1, 'EUR')`, '42501', '23503'),
      refused(`with w as (${mine} values ('x', 1, 'EUR', 'public') returning id) insert into app.deals (${columns}) select '${b.id}', '${owner}', '${role}', 'x', 1, 'EUR', 'public' from w`),
      nothing(`with gone as (delete from app.deals where ${theirs} returning *) select * from gone`),
      refused(`update app.deals set tenant_id = '${b.id}'`),
      refused(`update app.deals set owner_id = '${owner}'`),
      refused(`update app.deals set (tenant_id, owner_id) = ('${b.id}', '${owner}')`),
      undone(`update app.deals set title = 'evil' returning old.*, new.*`),
      undone(`update app.deals set title = 'evil' where ctid = any (array(select format('(%s,%s)', p, n)::tid from generate_series(0, 20) p, generate_series(1, 100) n))`),
      undone('delete from app.deals returning old.*, new.*'),
      refused('copy app.deals from stdin', '0A000', '42501'),
      refused(`insert into app.deals default values`, '23502', '42501'),
      refused('select * into app.evil from app.deals', '42501'),
      refused('truncate app.deals restart identity cascade'),
      ...other(b.id, planted),
      refused(`update app.memberships set role_id = role_id`),
      refused(`insert into app.role_permissions values ('${b.id}', '${b.roles.viewer}', 'deal:delete')`),
      refused(`insert into app.role_closure values ('${b.id}', '${b.roles.viewer}', '${b.roles.owner}')`),
      refused(`delete from app.tenants`),
      refused(`delete from app.tenants where id = '${b.id}'`),
      refused(`update app.tenants set status = 'suspended' where id = '${b.id}'`),
      closed(`insert into auth.capabilities (hash, user_id, tenant_id, role_id, aal, expires_at) select sha256('mine'), '${owner}', '${b.id}', '${role}', 2, now() + interval '1 day'`),
      closed(`update auth.sessions set tenant_id = '${b.id}'`),
      closed(`delete from auth.users`),
    ]; // prettier-ignore
  },
};

/** One row of B of each other table, deleted and changed by its own columns. */
const other = (tenantId: string, planted: Record<string, Record<string, string | null>>): Attack[] =>
  Object.entries(planted).flatMap(([table, row]) => {
    const key = table === 'app.tenants' ? 'id' : 'tenant_id';
    const [column = key] = Object.keys(row).filter((name) => name !== key);
    const where = `${key} = '${tenantId}' and "${column}"::text = ${literal(row[column] ?? null)}`;
    return [`delete from ${table} where ${where} returning old.*`, `update ${table} set "${column}" = "${column}" where ${where} returning old.*`]
      .map((sql): Attack => ({ ...nothing(sql), codes: ['42501'] })); // prettier-ignore
  });
