import { createHash } from 'node:crypto';
import { type Group, nothing, own, refused } from './attack.js';

const READ = 'select * from app.deals';

/** Saying that one is somebody else, and lifting what holds one: by settings, the transaction's and the session's. */
export const CONTEXT: Record<string, Group> = {
  'a context that is not one’s own': ({ a, b, theirHash }) => {
    const claims = [
      `{"tenant_id":"${b.id}","role":"owner"}`,
      `{"sub":"${b.users.owner.id}","tenant_id":"${b.id}","permissions":["deal:read"],"aal":"aal2"}`,
    ];
    const guesses = [
      '',
      'guess',
      theirHash,
      `\\x${theirHash}`,
      Buffer.from(theirHash, 'hex').toString('base64url'),
      createHash('sha256').update(Buffer.from(theirHash, 'hex')).digest('hex'),
      b.id,
      b.users.owner.id,
      `' or true --`,
      'x'.repeat(100_000),
      '00000000',
    ];
    const put = (name: string, value: string): string =>
      `select set_config('${name}', '${value.replaceAll("'", "''")}', true)`;
    return [
      // in the same statement as the read
      ...claims.map((value) => own(`with s as materialized (${put('request.jwt.claims', value)}) select d.* from s, app.deals d`)),
      ...guesses.map((value) => own(`with s as materialized (${put('app.cap', value)}) select d.* from s, app.deals d`)),
      own(`with s as materialized (${put('row_security', 'off')}) select d.* from s, app.deals d`),
      refused(`with s as materialized (${put('role', 'ringfence_owner')}) select d.* from s, app.deals d`),
      // and before it
      ...claims.map((value) => own([put('request.jwt.claims', value), READ])),
      ...guesses.map((value) => nothing([put('app.cap', value), READ])),
      ...guesses.map((value) => nothing([`select app.enter('${value.replaceAll("'", "''")}', '${claims[0]}')`, READ])),
      nothing(['set local app.cap to default', READ]),
      nothing(['set local app.cap = off', READ]),
      nothing(['select app.enter(null, null)', READ]),
      nothing(['reset app.cap', READ]),
      ...['app.tenant_id', 'app.current_tenant', 'app.user_id', 'request.jwt.claim.tenant_id', 'tenant.id', 'ringfence.tenant'].map((name) =>
        own([put(name, b.id), READ])),
      own([put('request.jwt.claims', claims[0]!), 'select app.tenant_id(), app.user_id(), app.role_id(), app.context()']),
      nothing([put('app.cap', 'x'), 'select where app.tenant_id() is not null or app.user_id() is not null or app.role_id() is not null']),
      // a setting that is taken back is the one from before
      own(['savepoint s', put('app.cap', 'guess'), 'rollback to s', READ]),
      nothing(['savepoint s', put('app.cap', 'guess'), 'release s', READ]),
      own(['savepoint s', 'select 1 / 1', 'savepoint t', put('request.jwt.claims', claims[1]!), 'release t', 'release s', READ]),
      // behind the end of the transaction nobody is in
      nothing(['commit and chain', READ]),
      nothing(['rollback and chain', READ]),
      nothing(['commit', READ]),
      nothing(['rollback', 'begin isolation level repeatable read', READ]),
      nothing(['commit', `set app.cap = 'guess'`, READ]),
      own(`select set_config('app.cap', current_setting('app.cap'), false), d.* from app.deals d where tenant_id <> '${a.id}'`),
    ]; // prettier-ignore
  },

  'settings that could lift the fence': ({ b }) => [
    refused(['set local row_security = off', READ]),
    refused(['set row_security = off', READ]),
    refused(['set local row_security = off', 'update app.deals set title = title']),
    refused(['set local row_security = off', 'delete from app.deals']),
    refused(['set local row_security = off', 'copy app.deals to stdout']),
    refused(['set transaction isolation level serializable'], '25001'),
    refused([`set transaction snapshot '00000003-0000001B-1'`], '25001', '22023', '0A000'),
    ...[
      'search_path = pg_temp, auth, app',
      "search_path = ''",
      `search_path = "${b.id}", app`,
      "plan_cache_mode = 'force_generic_plan'",
      "plan_cache_mode = 'force_custom_plan'",
      "constraint_exclusion = 'on'",
      'enable_indexscan = off',
      'enable_seqscan = off',
      'from_collapse_limit = 1',
      'join_collapse_limit = 1',
      'geqo_threshold = 2',
      "debug_parallel_query = 'on'",
      'parallel_setup_cost = 0',
      'transform_null_equals = on',
      'quote_all_identifiers = on',
      'array_nulls = off',
      'check_function_bodies = off',
      "default_transaction_deferrable = 'on'",
      "bytea_output = 'escape'",
      "xmlbinary = 'hex'",
      "client_encoding = 'LATIN1'",
      "DateStyle = 'German'",
      "TimeZone = 'Pacific/Kiritimati'",
      'extra_float_digits = -15',
      'debug_print_plan = on',
      "client_min_messages = 'debug5'",
      'log_parser_stats = off',
      'track_activities = off',
      "jit = 'on'",
      'jit_above_cost = 0',
      'recursive_worktable_factor = 1000000',
      "default_table_access_method = 'heap'",
      "createrole_self_grant = 'set, inherit'",
    ].map((setting): ReturnType<Group>[number] => {
      const powerless = ['track_activities = off', 'log_parser_stats = off'].includes(setting);
      return powerless ? refused(`set local ${setting}`) : own([`set local ${setting}`, `select * from app.deals where title <> ''`]);
    }), // prettier-ignore
    own(['set local statement_timeout = 0', 'set local lock_timeout = 0', 'set local transaction_timeout = 0', READ]),
    refused(
      [`set local statement_timeout = '20ms'`, `select count(*) from app.deals, generate_series(1, 100000000)`],
      '57014',
    ),
    refused([`set local statement_timeout = '20ms'`, `update app.deals d set title = title from generate_series(1, 1000000) where d.tenant_id = '${b.id}' or length(d.title) > 0`], '57014'), // prettier-ignore
  ],

  'what would stay on the connection': () => [
    ...[
      `select set_config('app.stash', current_setting('app.cap'), false)`,
      `select set_config('app.cap', current_setting('app.cap'), false)`,
      `select set_config('request.jwt.claims', '{"tenant_id":"x"}', false)`,
      `select set_config('search_path', 'pg_catalog', false)`,
      `select set_config('row_security', 'off', false)`,
      `set session characteristics as transaction read only`,
      `set session characteristics as transaction isolation level serializable`,
      `set statement_timeout = 1`,
      `set session "my.own" = 'left'`,
      `set application_name = 'evil'`,
      `set timezone = 'Asia/Tokyo'`,
      'declare c cursor with hold for select * from app.deals',
      'declare c scroll cursor for select * from app.deals',
      'prepare evil as select * from app.deals',
      `prepare victim (text) as select set_config('app.stash', current_setting('app.cap'), false) where $1 is not null`,
      'listen leak',
      'listen "01a1fd04"',
      `select setseed(0.5)`,
      'set session authorization default',
      'set role none',
      'savepoint left_open',
      'lock table app.deals in share mode',
      'set constraints all deferred',
      'discard plans',
      'discard sequences',
      'discard temp',
    ].map(own),
    refused('discard all', '25001'),
  ],
};
