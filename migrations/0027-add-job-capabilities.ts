import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { CHANGES } from './parts/audit-changes.js';
import { WRITERS } from './parts/audit-writers.js';
import { asJob, definition } from './parts/redefine.js';
import { endSessions, operator, readers } from './parts/scoped-readers.js';

/**
 * Why: work that runs later runs for somebody, and must not be able to do more than they can at that moment, nor more than
 * it is for. So a capability may belong to a job instead of a session, and may be narrowed to scopes: its rights are those
 * of the role that are among them, at every question of every policy. A role that loses a right takes it from the job at
 * once, as from a session. What a job does stands in the audit log under its own kind of actor, with the job's id in the
 * place of the session's. No job is an operator.
 */
export class AddJobCapabilities1764000000027 implements MigrationInterface {
  name = 'AddJobCapabilities1764000000027';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table auth.capabilities alter column session_id drop not null, add column job_id uuid,
        add column scopes text[];
      create index capabilities_job on auth.capabilities (job_id) where job_id is not null;
      grant select (job_id, scopes) on auth.capabilities to ringfence_context;
      alter type app.request_context add attribute job_id uuid;
    `);
    await this.replace(q, true);
    await q.query(asDerive('app', STAYS));
    await q.query(`
      create trigger b_no_job_leaves before delete on app.memberships for each row execute function app.no_job_leaves();
      alter table app.memberships enable always trigger b_no_job_leaves;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop trigger b_no_job_leaves on app.memberships;
      set role ringfence_derive;
      drop function app.no_job_leaves();
      reset role;
      delete from auth.capabilities where session_id is null;
      alter type app.request_context drop attribute job_id;
    `);
    await this.replace(q, false);
    await q.query(`
      revoke select (job_id, scopes) on auth.capabilities from ringfence_context;
      alter table auth.capabilities drop column job_id, drop column scopes, alter column session_id set not null;
    `);
  }

  private async replace(q: QueryRunner, scoped: boolean): Promise<void> {
    await q.query(`grant create on schema app, auth to ringfence_context; set role ringfence_context;
      ${readers(scoped)} ${operator(scoped)}
      reset role; revoke create on schema app, auth from ringfence_context;`);
    await q.query(endSessions(scoped));
    await q.query(
      asDerive('app', [RECORD_AUDIT, AUDIT_CHANGE].map((made) => (scoped ? asJob(made) : made)).join('\n')),
    );
  }
}

const STAYS = `
  -- To leave a tenant needs no permission, so a narrowed capability would not stop it.
  create function app.no_job_leaves() returns trigger language plpgsql security definer set search_path = '' as $$
  begin
    if (app.context()).job_id is not null and not app.may('member:delete') then
      raise exception 'a job leaves no tenant' using errcode = 'RF007', detail = 'member:delete';
    end if;
    return old;
  end $$;
  revoke all on function app.no_job_leaves() from public;
  grant execute on function app.no_job_leaves() to ringfence_owner`;

const RECORD_AUDIT = definition(WRITERS, 'app.record_audit');
const AUDIT_CHANGE = definition(CHANGES, 'app.audit_change');
