import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { AUDIT_TABLE, CHANGES } from './parts/audit-changes.js';
import { READERS, WRITERS } from './parts/audit-writers.js';

/**
 * Why: whoever writes into the log does not say who they are. The application names an action, its target and where the
 * request came from; actor, tenant and session are read from the context of the capability. The role that signs people in
 * has no such context, since it makes it: it says whom an act concerns, and the entry goes to the log that is named, or to
 * that of each tenant in which the person is a member, or to the installation's. Operators' acts stand in the
 * installation's log and in the tenant's.
 *
 * A row that changes in a table under audit is written down by a deferred trigger, at COMMIT and with the entry of the
 * same transaction. Where nobody wrote one, the trigger does: database.changed, with the login role and, if there is one,
 * the caller. So a change without a trace cannot be made through this schema, by the application, by injected SQL, or by
 * hand, and what no route declared is told apart from what one did.
 */
export class AddAuditWriters1764000000024 implements MigrationInterface {
  name = 'AddAuditWriters1764000000024';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`set role ringfence_context;
      grant execute on function auth.operator() to ringfence_derive;
      reset role;
      grant execute on function auth.acting_operator() to ringfence_derive;`);
    await q.query(asDerive('app, auth', WRITERS + CHANGES + READERS));
    await q.query(asDerive('app, auth', GRANTS));
    await q.query(AUDIT_TABLE);
    for (const call of AUDITED) await q.query(`call app.audit_table(${call})`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const call of AUDITED) await q.query(`call app.forget_audit(${call.split(',')[0]})`);
    await q.query(`
      drop procedure app.audit_table(regclass, text, name, name, text, name[], name[], name, name[]), app.forget_audit(regclass);
      set role ringfence_derive;
      drop function ${FUNCTIONS.join(', ')};
      reset role;
      revoke execute on function auth.acting_operator() from ringfence_derive;
      set role ringfence_context;
      revoke execute on function auth.operator() from ringfence_derive;
      reset role;
    `);
  }
}

/** What is there already. Columns of a table that is made later are named in its own migration. */
const AUDITED = [
  `'app.deals', 'deal'`,
  `'app.tenants', 'tenant', p_tenant => 'id'`,
  `'app.roles', 'role'`,
  `'app.role_permissions', 'role', 'role_id', p_collects => 'permissions:permission'`,
  `'app.role_edges', 'role', 'child_id', p_collects => 'parents:parent_id'`,
  `'app.memberships', 'member', 'user_id', p_ignored => '{tenant_status,tenant_min_aal}'`,
  `'app.profiles', 'member', 'user_id', p_personal => '{full_name,email}', p_subject => 'user_id'`,
  `'app.invitations', 'invitation', p_masked => '{token_hash}', p_personal => '{email,metadata}', p_subject => 'id'`,
];

const FUNCTIONS = [
  'app.audit_document(app.audit_log)',
  'app.audit_openings(uuid[])',
  'app.open_audit(uuid, uuid[])',
  'app.audit_change()',
  'app.audit_value(jsonb)',
  'app.erase_audit_subject(uuid, uuid)',
  'app.record_platform_audit(text, uuid, jsonb, jsonb)',
  'auth.invitation_id(bytea)',
  'auth.record_audit(uuid, uuid, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb)',
  'app.record_audit(text, text, uuid, jsonb, jsonb)',
  'app.write_audit(uuid, text, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb, uuid)',
  'app.audit_details_allowed(jsonb)',
];

const GRANTS = `
  revoke all on function ${FUNCTIONS.join(', ')} from public;
  grant execute on function app.audit_document(app.audit_log), app.audit_openings(uuid[]),
    app.record_audit(text, text, uuid, jsonb, jsonb) to ringfence_app;
  grant execute on function auth.record_audit(uuid, uuid, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb),
    auth.invitation_id(bytea) to ringfence_auth;
  grant execute on function app.record_platform_audit(text, uuid, jsonb, jsonb), app.erase_audit_subject(uuid, uuid) to ringfence_service;
  grant execute on function app.audit_change() to ringfence_owner;`;
