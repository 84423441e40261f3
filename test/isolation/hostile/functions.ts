import type { Client } from 'pg';
import type { Tenant } from '../../support/world.js';

/** An argument of a function that ringfence_app may call. */
interface Argument {
  name: string;
  type: string;
}
export interface Callable {
  name: string;
  arguments: Argument[];
}

/** What an argument is given while another one is under test; by function and argument, or by argument alone. */
type Given = Record<string, string>;

/** Values that A's owner would give: what they stand for is A's, and each call gets as far as it can. */
export function ofA(a: Tenant, ids: Record<string, string>): Given {
  const hash = `sha256(gen_random_uuid()::text::bytea)`;
  return {
    p_permission: `'deal:read'`, p_cap: `current_setting('app.cap')`, p_claims: `'{}'`, p_limit: '10', p_max_age: `interval '1 hour'`,
    p_slug: `'hostile'`, p_name: `'Hostile'`, p_permissions: `'{deal:read}'`, p_versions: 'null', p_metadata: `'{}'`, p_sealed: `'x'`,
    p_hash: hash, p_email: `'hostile@alpha.example'`, p_change: `'{"name": "Alpha"}'`, p_resource: `'deal'`, p_action: `'read'`,
    p_target_type: `'deal'`, p_request: `'{}'`, p_details: `'{}'`, p_label: `'alpha'`, p_kind: `'probe.work'`, p_payload: `'{}'`, p_key: 'null',
    p_delay_seconds: '0', p_attempts: '1', p_timeout_seconds: '10', p_resource_type: `'deal'`, p_content_type: `'text/plain'`, p_size: '1',
    p_sha256: `'${'a'.repeat(64)}'`, p_number: '1', p_upload_id: `'x'`, p_status: `'ready'`, p_clean: 'true', p_public_id: `'hostileKey12'`,
    p_expires_at: `now() + interval '1 day'`, p_requests_per_minute: 'null', p_overlap_seconds: '60', p_url: `'https://alpha.example/'`,
    p_events: `'{deal.created}'`, p_description: `'x'`, p_hashes: `array[${hash}]`, p_fingerprints: `array[${hash}]`, p_fingerprint: hash,
    p_kept: `'secret'`, p_headers: 'null', p_body: 'null', l: `(select l from app.audit_log l limit 1)`,
    'create_role.p_parents': `array['${a.roles.admin}']::uuid[]`, 'set_role_parents.p_parents': `array['${a.roles.admin}']::uuid[]`,
    'update_webhook.p_status': `'active'`, 'keep_idempotent.p_status': '200::smallint', 'record_audit.p_action': `'deal.updated'`,
    p_user: `'${a.users.viewer.id}'`, p_role: `'${ids['app.roles']}'`, p_heir: `'${a.users.owner.id}'`, p_to: `'${a.users.admin.id}'`,
    p_target: `'${a.deals['owner-public']}'`, p_after: 'null', p_mail: 'gen_random_uuid()', p_secret: 'gen_random_uuid()',
    p_token: 'gen_random_uuid()', p_tenant: `'${a.id}'`, p_entries: `array['${ids['app.audit_log']}']::uuid[]`,
    p_file: `'${ids['app.files']}'`, p_webhook: `'${ids['app.webhooks']}'`, p_delivery: `'${ids['app.webhook_deliveries']}'`,
    p_resource_id: `'${a.deals['owner-public']}'`, p_id: `'${a.deals['owner-public']}'`, 'leave_tenant.p_heir': `'${a.users.admin.id}'`,
    'resend_invitation.p_id': `'${ids['app.invitations']}'`, 'revoke_invitation.p_id': `'${ids['app.invitations']}'`,
    'retry_job.p_id': `'${ids['app.jobs']}'`, 'rotate_api_key.p_id': `'${ids['app.api_keys']}'`, 'confirm_api_key.p_id': `'${ids['app.api_keys']}'`,
    'revoke_api_key.p_id': `'${ids['app.api_keys']}'`, 'api_key_standing.p_id': `'${ids['app.api_keys']}'`,
    'update_webhook.p_id': `'${ids['app.webhooks']}'`, 'delete_webhook.p_id': `'${ids['app.webhooks']}'`,
    'rotate_webhook_secret.p_id': `'${ids['app.webhooks']}'`, 'test_webhook.p_id': `'${ids['app.webhooks']}'`,
  }; // prettier-ignore
}

/** Every function and procedure outside pg_catalog that the role may call, with the arguments that go in. */
export async function callablesOf(admin: Client, role = 'ringfence_app'): Promise<Callable[]> {
  const { rows } = await admin.query<Callable>(
    `select p.proname as name, (
        select coalesce(jsonb_agg(jsonb_build_object('name', coalesce(p.proargnames[n], ''), 'type', format_type(t, null)) order by n), '[]')
          from unnest(p.proargtypes::oid[]) with ordinality x (t, n)) as arguments
       from pg_proc p join pg_namespace s on s.oid = p.pronamespace
      where s.nspname not in ('pg_catalog', 'information_schema') and has_schema_privilege($1, s.oid, 'usage')
        and has_function_privilege($1, p.oid, 'execute') order by 1, p.oid`,
    [role],
  );
  return rows;
}

/** Where another tenant's id can be said. */
const takesId = ({ type }: Argument): boolean => type === 'uuid' || type === 'uuid[]';

export interface Call {
  /** function and argument */
  what: string;
  /** the statement, with the id in its place */
  sql: (id: string) => string;
  /** the same with an id of A's */
  own: string;
}

/** One call for each argument that takes an id. @throws Error naming a function that there are no values for */
export function callsOf(callables: Callable[], given: Given): Call[] {
  const value = (name: string, { name: argument, type }: Argument): string => {
    const found = given[`${name}.${argument}`] ?? given[argument];
    if (!found) throw new Error(`app.${name}: nothing is known for its argument "${argument}" (${type}): see hostile/functions.ts`); // prettier-ignore
    return found;
  };
  return callables.flatMap(({ name, arguments: all }) => {
    const values = all.map((argument) => value(name, argument));
    const call = (given: string[]): string => `select * from app.${name}(${given.join(', ')})`;
    return all.flatMap((argument, at): Call[] => {
      if (!takesId(argument)) return [];
      const place = (id: string): string => (argument.type === 'uuid' ? `'${id}'` : `array['${id}']::uuid[]`);
      return [{ what: `${name}.${argument.name}`, sql: (id) => call(values.with(at, place(id))), own: call(values) }];
    });
  });
}

const NAMED = 'the caller names what is made, and nothing is looked up by it';
const STATE = 'what A has of it is in no state in which something would happen';

/** Where an id of A's is answered as an id of nothing is, with the reason. */
export const SILENT: Readonly<Record<string, string>> = {
  'invite.p_mail': NAMED,
  'resend_invitation.p_mail': NAMED,
  'create_webhook.p_secret': NAMED,
  'rotate_webhook_secret.p_secret': NAMED,
  'begin_idempotent.p_token': NAMED,
  'keep_idempotent.p_token': NAMED,
  'forget_idempotent.p_token': NAMED,
  'settle_version.p_token': NAMED,
  'discard_version.p_token': NAMED,
  'record_audit.p_target': 'the log says what was said to it: the caller knows of what it speaks',
  'viewers.p_after': 'a place in an order, which need not be taken',
  'api_key_standing.p_id': STATE,
  'retry_job.p_id': STATE,
  'restore_file.p_file': STATE,
  'audit_kept_from.p_tenant': STATE,
};
