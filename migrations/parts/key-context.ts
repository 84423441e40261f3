import { definition } from './redefine.js';
import { DOORS as JOB_DOORS, WORKER } from './job-functions.js';
import { readers } from './scoped-readers.js';

/*
 * Of migration 0034: what a key changes in functions that were there before it. Each is what an earlier migration made, with
 * words replaced; without keys it is that, to the letter.
 */

/** @throws Error where the words are not there: the function would silently stay what it was */
function replaced(sql: string, ...changes: [from: string, to: string][]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`migration 0034: there is no ${from} to replace`);
    return text.replaceAll(from, to);
  }, sql);
}

/** A key was made at AAL2 and then stands alone, so what its tenant demands of its members is no demand on it. */
const SURE = 'c.aal >= c.min_aal';
const SURE_OR_KEY = '(c.aal >= c.min_aal or c.key_id is not null)';

const SCALARS: [name: string, type: string, column: string][] = [
  ['tenant_id', 'uuid', 'c.tenant_id'],
  ['user_id', 'uuid', 'c.user_id'],
  ['role_id', 'uuid', 'c.role_id'],
  ['aal', 'smallint', 'c.aal'],
  ['subordinate_role_ids', 'uuid[]', 'r.subordinate_role_ids'],
];

/** As 0013 made them. */
const scalars = SCALARS.map(
  ([name, type, column]) => `
  create or replace function app.${name}() returns ${type} language sql stable parallel safe security definer set search_path = ''
  begin atomic
    select ${column} from auth.capabilities c ${column.startsWith('r.') ? 'join auth.role_rights r on r.tenant_id = c.tenant_id and r.role_id = c.role_id' : ''} where
  c.hash = (select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))
  and c.expires_at > now() and c.member_status = 'active' and c.tenant_status = 'active' and ${SURE};
  end;`,
).join('');

/** Every reader of the context, as ringfence_context. */
export const contextReaders = (keys: boolean): string => {
  const made = scalars + readers(true);
  if (!keys) return made;
  return replaced(
    made,
    [SURE, SURE_OR_KEY],
    ['coalesce(c.session_id, c.job_id)', 'coalesce(c.session_id, c.job_id, c.key_id)'],
    [', c.job_id)::app.request_context', ', c.job_id, c.key_id)::app.request_context'],
    ['           c.min_aal, ', '           c.min_aal, c.key_id, '],
    ['elsif held.aal < held.min_aal then', 'elsif held.aal < held.min_aal and held.key_id is null then'],
  );
};

/** Whose live session it is, for what a person changes of themselves. Without keys: as 0011 made it, for anybody's capability. */
export const holder = (keys: boolean): string => `
  create or replace function auth.holder(p_min_aal smallint, p_max_age interval) returns uuid
    language sql stable security definer set search_path = ''
  begin atomic
    select c.user_id from auth.capabilities c
     where c.hash = (select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))
       and c.expires_at > now() and c.aal >= p_min_aal
       and (p_max_age is null or c.auth_time > now() - p_max_age)${keys ? ' and c.session_id is not null' : ''};
  end;`;

/** What a key does is a key's in the audit log, with its id in the session's place; what it put off is a job's. */
export const asKey = (sql: string): string =>
  replaced(sql, [
    `case when me.job_id is null then 'user' else 'job' end`,
    `case when me.job_id is not null then 'job' when me.key_id is not null then 'key' else 'user' end`,
  ]);

/** As for what a person is refused; `actorType` of the request says where a key was. */
export const refusedAsKey = (sql: string): string =>
  replaced(sql, [
    `case when p_actor is not null then 'user'`,
    `case when p_actor is not null and p_request ->> 'actorType' = 'key' then 'key' when p_actor is not null then 'user'`,
  ]);

/** A key is nobody's membership, and neither is what it put off. */
export const staying = (keys: boolean): string => `
  create or replace function app.no_job_leaves() returns trigger language plpgsql security definer set search_path = '' as $$
  begin
    ${
      keys
        ? `if (app.context()).key_id is not null then
      raise exception 'a key leaves no tenant' using errcode = 'RF039';
    end if;
    `
        : ''
    }if (app.context()).job_id is not null and not app.may('member:delete') then
      raise exception 'a job leaves no tenant' using errcode = 'RF007', detail = 'member:delete';
    end if;
    return old;
  end $$;`;

const ENQUEUE = definition(JOB_DOORS, 'app.enqueue_job');
const RETRY = definition(JOB_DOORS, 'app.retry_job');
const BEGIN = definition(WORKER, 'auth.begin_job');

/**
 * What a key puts off is done as the key: in a tenant that demands AAL2, too, and no longer than the key counts. What its person
 * put off at AAL2, with all of their rights, it does not set going again.
 */
export const jobFunctions = (keys: boolean): string =>
  keys
    ? replaced(
        ENQUEUE,
        [
          'actor_id, aal, auth_time, scopes, attempts_at_most',
          'actor_id, aal, auth_time, scopes, api_key_id, attempts_at_most',
        ],
        ['me.aal, c.auth_time, c.scopes, p_attempts', 'me.aal, c.auth_time, c.scopes, me.key_id, p_attempts'],
        ['scopes = excluded.scopes, attempts', 'scopes = excluded.scopes, api_key_id = excluded.api_key_id, attempts'],
      ) +
      replaced(
        BEGIN,
        ['(hash, job_id, user_id', '(hash, job_id, key_id, user_id'],
        ['select p_hash, p_job, m.user_id', 'select p_hash, p_job, j.api_key_id, m.user_id'],
        [
          `and u.status = 'active';`,
          `and u.status = 'active'
         and (j.api_key_id is null or exists (select from app.api_keys k where k.tenant_id = p_tenant and k.id = j.api_key_id
           and k.expires_at > now()));`,
        ],
      ) +
      replaced(RETRY, [
        '    if j.actor_id <> me.user_id and',
        `    if me.key_id is not null and j.id is not null and j.api_key_id is distinct from me.key_id then
      raise exception 'a key sets going again what it put off itself'
        using errcode = case when 'job:read' = any (me.permissions) then 'RF039' else 'P0002' end;
    end if;
    if j.actor_id <> me.user_id and`,
      ])
    : ENQUEUE + BEGIN + RETRY;

/** Whose jobs one sees without job:read. A key: those that it put off, and nothing else of its person. */
export const jobsSeen = (keys: boolean): string => `
  alter policy may_select on app.jobs using ((select app.may('job:read')) or ${
    keys
      ? `api_key_id = (select (app.context()).key_id)
    or (actor_id = (select app.user_id()) and (select (app.context()).key_id) is null)`
      : 'actor_id = (select app.user_id())'
  });`;
