import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { CHANGES } from './parts/audit-changes.js';
import { asJob, definition } from './parts/redefine.js';
import { INVARIANTS } from './parts/role-invariants.js';
import { ERASE, IMPORT, INNER_NAMES, MOVES, SERVICE_NAMES } from './parts/tenant-moves.js';

/**
 * Why: a tenant that comes from another installation, or leaves for good, is more than an audit entry can say row by row.
 * Its log comes with it, or says in one entry that it went. So in the one transaction that brings a tenant the audit does
 * not write down each row that is inserted, and in the one that erases it each row that is deleted: of that tenant alone,
 * and nothing else is loosened. A tenant that comes must not be there yet, neither it nor its log; one that goes must be
 * suspended, and must be gone altogether at COMMIT: so neither is a way to change something unseen.
 *
 * The log only grows: what comes is inserted as it was, entries, leaves, nodes and checkpoints, so that it verifies under
 * the key that signed it; what is signed next is signed here, in a later epoch. Its months are made where they are missing.
 * So from when on rows are kept is a question of each log: the one answer for all would be another tenant's.
 */
export class AddTenantMoves1764000000030 implements MigrationInterface {
  name = 'AddTenantMoves1764000000030';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table auth.tenant_moves (
        tenant_id uuid primary key,
        op text not null constraint tenant_moves_op_check check (op in ('INSERT', 'DELETE')),
        xact_id xid8 not null default pg_current_xact_id(),
        at timestamptz not null default now()
      );
      grant select, insert, delete on auth.tenant_moves to ringfence_derive;
      grant select (id, name, group_id, data), delete on pgboss.job to ringfence_derive;
      grant select (id), delete on auth.mail_outbox to ringfence_derive;
    `);
    await q.query(asDerive('app', MOVES + IMPORT + ERASE));
    await q.query(asDerive('app', `${AUDIT_CHANGE_BUT_FOR_MOVES} ${ROOT_IS_FIXED_BUT_FOR_MOVES} ${GRANTS}`));
    await q.query(`
      create constraint trigger move_is_whole after insert on auth.tenant_moves deferrable initially deferred
        for each row execute function app.move_is_whole();
      alter table auth.tenant_moves enable always trigger move_is_whole;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('drop trigger move_is_whole on auth.tenant_moves');
    await q.query(asDerive('app', `${AUDIT_CHANGE} ${ROOT_IS_FIXED}`));
    await q.query(`
      set role ringfence_derive;
      drop function ${[...SERVICE_NAMES, ...INNER_NAMES].join(', ')}, app.move_is_whole();
      reset role;
      revoke select (id, name, group_id, data), delete on pgboss.job from ringfence_derive;
      revoke select (id), delete on auth.mail_outbox from ringfence_derive;
      drop table auth.tenant_moves;
    `);
  }
}

/** Puts a statement at the head of a body; the declarations stay before it. */
const headed = (sql: string, statement: string): string => sql.replace(/^ {2}begin\n/m, `  begin\n${statement}\n`);

/** As 0027 has left it. */
const AUDIT_CHANGE = asJob(definition(CHANGES, 'app.audit_change'));

const AUDIT_CHANGE_BUT_FOR_MOVES = headed(
  AUDIT_CHANGE,
  `    -- the whole tenant comes or goes, and one entry says so
    if current_setting('app.tenant_move', true) = tenant::text and app.moves_now(tenant, tg_op) then
      return null;
    end if;`,
);

const ROOT_IS_FIXED = definition(INVARIANTS, 'app.root_is_fixed');

const ROOT_IS_FIXED_BUT_FOR_MOVES = headed(
  ROOT_IS_FIXED.replace('language plpgsql set', 'language plpgsql security definer set'),
  `    if tg_op = 'DELETE' and app.moves_now(old.tenant_id, tg_op) then
      return old;
    end if;`,
);

const GRANTS = `
  revoke all on function app.move_is_whole(), ${[...SERVICE_NAMES, ...INNER_NAMES].join(', ')} from public;
  grant execute on function app.move_is_whole() to ringfence_owner;
  grant execute on function app.audit_kept_from(uuid) to ringfence_app, ringfence_service;
  grant execute on function ${SERVICE_NAMES.join(', ')} to ringfence_service;`;
