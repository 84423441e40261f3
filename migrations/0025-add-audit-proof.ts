import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnly } from './parts/append-only.js';
import { asDerive } from './parts/as-role.js';
import { AUDIT_TREES, DEFINER } from './parts/audit-trees.js';

/**
 * Why: a log that nobody may change can still be changed by whoever breaks into the server. So its entries are numbered
 * and hashed into one Merkle tree a log (RFC 6962), and the root of the tree is signed with a key that is not in the
 * database. A number and a leaf are rows of their own: the entry itself is never touched again.
 *
 * Numbers are given by one sealer at a time, to what lies below the oldest transaction that is still open: every transaction
 * with a lower id has ended, so no commit can land below a number that was given, and no writer waits for a number. How
 * long a transaction may stay open is bounded, and with it the wait. The interior nodes are kept, so that a proof is a look-up
 * of as many rows as the tree is high.
 *
 * A database that was restored or copied counts its transactions anew. The sealer knows that by the server's identifier and
 * timeline: a new epoch begins, which every checkpoint names, and numbers what has none whatever its transaction's id is.
 *
 * A log whose leaves and nodes are not what its last checkpoint was signed for was changed by somebody. Nothing is signed on
 * top: it is set aside, and the others go on without waiting for it.
 */
export class AddAuditProof1764000000025 implements MigrationInterface {
  name = 'AddAuditProof1764000000025';

  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLES);
    for (const table of PROTECTED) await q.query(appendOnly(`app.audit_${table}`));
    await q.query(`call app.hide_statistics('app.audit_checkpoints', '{verifier_key}')`);
    await q.query(asDerive('auth', AUDIT_TREES + FUNCTIONS));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop function ${SIGNATURES.join(', ')}, ${INTERNAL};
      reset role;
      drop table app.audit_checkpoints, app.audit_nodes, app.audit_leaves, auth.audit_state;
    `);
  }
}

const SIGNATURES = [
  'auth.audit_unsealed(integer)',
  'auth.audit_trees(uuid[])',
  'auth.audit_seal(jsonb, jsonb, jsonb)',
  'auth.audit_set_aside(uuid[], uuid[])',
  'auth.audit_lag()',
  'auth.audit_newest_checkpoints(uuid[], bytea[], integer)',
  'auth.audit_trees_at(uuid[], bigint[])',
];
const INTERNAL = 'auth.audit_epoch(), auth.audit_peaks(uuid, bigint)';

const PROTECTED = ['leaves', 'nodes', 'checkpoints'];

const TABLES = `
  create table app.audit_leaves (
    tenant_id uuid not null,
    seq bigint not null constraint audit_leaves_seq_check check (seq >= 0),
    entry_id uuid not null,
    hash bytea not null constraint audit_leaves_hash_check check (octet_length(hash) = 32),
    primary key (tenant_id, seq),
    constraint audit_leaves_entry_key unique (tenant_id, entry_id)
  );
  -- of perfect subtrees alone; level 1 are the parents of leaves, and "index" counts those of a level from the left
  create table app.audit_nodes (
    tenant_id uuid not null,
    level smallint not null constraint audit_nodes_level_check check (level > 0),
    index bigint not null,
    hash bytea not null constraint audit_nodes_hash_check check (octet_length(hash) = 32),
    primary key (tenant_id, level, index)
  );
  create table app.audit_checkpoints (
    tenant_id uuid not null,
    size bigint not null constraint audit_checkpoints_size_check check (size > 0),
    at timestamptz not null,
    epoch integer not null,
    root bytea not null constraint audit_checkpoints_root_check check (octet_length(root) = 32),
    verifier_key text not null,
    note text not null,
    primary key (tenant_id, size)
  );
  create index audit_checkpoints_by_key on app.audit_checkpoints (tenant_id, verifier_key);   -- which keys have signed
  -- one row: up to which transaction everything has a number, and on which server that counts
  create table auth.audit_state (
    one boolean primary key default true check (one),
    sealed_to xid8 not null default '0',
    epoch integer not null default 1,
    server text,
    timeline integer,
    recounted_to xid8,  -- set: what is there may lack a number whatever its transaction, and is looked through: the database was copied
    set_aside uuid[] not null default '{}'   -- logs that are not what was signed: they get no numbers
  );
  insert into auth.audit_state default values;
  grant select, update on auth.audit_state to ringfence_derive;`;

/**
 * In the order of an index and no further than the limit: there are no statistics that would tell the planner so. Beside it,
 * `offset 0` keeps each row's look-up of its leaf out of a join, which a plan made on an empty table would do by tenant alone.
 */
const BY_INDEX = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'sort']
  .map((one) => `set enable_${one} = off`)
  .join(' ');

const FUNCTIONS = `
  -- The epoch as it is now; a new one where the database stands on another server or timeline than before. Transactions are
  -- counted anew on another server alone.
  create function auth.audit_epoch() returns auth.audit_state language plpgsql set search_path = '' as $$
  declare
    here constant text := (select s.system_identifier from pg_catalog.pg_control_system() s) || '/'
      || (select d.oid from pg_catalog.pg_database d where d.datname = current_database());
    line constant integer := (select c.timeline_id from pg_catalog.pg_control_checkpoint() c);
    state auth.audit_state;
  begin
    update auth.audit_state s set server = here, timeline = line, epoch = s.epoch + case when s.server is null then 0 else 1 end,
        sealed_to = case when s.server <> here then pg_snapshot_xmin(pg_current_snapshot()) else s.sealed_to end,
        recounted_to = case when s.server = here then s.recounted_to else '0' end
     where (s.server, s.timeline) is distinct from (here, line);
    select * into state from auth.audit_state;
    return state;
  end $$;

  -- What can be numbered now, in the order of the numbers; nothing while another sealer is at it. Locked until COMMIT.
  create function auth.audit_unsealed(p_limit integer)
    returns table (tenant_id uuid, entry_id uuid, xact_id text, epoch integer, document jsonb) ${DEFINER} ${BY_INDEX} as $$
  declare
    horizon xid8;
    state auth.audit_state;
    found integer;
    upto xid8;
  begin
    if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('audit-sealer', 0)) then
      return;
    end if;
    state := auth.audit_epoch();
    horizon := pg_snapshot_xmin(pg_current_snapshot());
    return query
      select l.tenant_id, l.id, l.xact_id::text, state.epoch, app.audit_document(l)
        from app.audit_log l
       where l.xact_id >= state.sealed_to and l.xact_id < horizon and l.tenant_id <> all (state.set_aside)
         and not exists (select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id offset 0)
       order by l.xact_id, l.n limit p_limit;
    get diagnostics found = row_count;
    if found < p_limit and state.set_aside <> '{}' then
      -- below the horizon nothing is left but theirs, which nobody reads again with each pass
      update auth.audit_state s set sealed_to = greatest(s.sealed_to, horizon);
    end if;
    if found = p_limit or state.recounted_to is null then
      return;
    end if;
    -- Some whole transactions at a time, which a statement's time is enough for. One beyond the newest of this server came
    -- with the copy, and one below sealed_to has ended; none of these says how far this server has come. All others are met above.
    select max(x.xact_id) into upto from (
      select l.xact_id from app.audit_log l where l.xact_id > state.recounted_to order by l.xact_id limit 50000) x;
    return query
      select l.tenant_id, l.id, null, state.epoch, app.audit_document(l)
        from app.audit_log l
       where l.xact_id > state.recounted_to and l.xact_id <= upto
         and (l.xact_id < state.sealed_to or l.xact_id >= pg_snapshot_xmax(pg_current_snapshot())) and l.tenant_id <> all (state.set_aside)
         and not exists (select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id offset 0)
       order by l.xact_id, l.n limit p_limit - found;
    get diagnostics found = row_count;
    update auth.audit_state s set recounted_to = upto where found = 0;
  end $$;

  -- What the sealer made of it, in the transaction that read it; hashes in hex. p_leaves also says how far it came.
  -- Whoever has only the password of the role that calls it adds no leaf without an entry and leaves no gap.
  create function auth.audit_seal(p_leaves jsonb, p_nodes jsonb, p_checkpoints jsonb) returns void ${DEFINER} as $$
  begin
    if exists (
      select from jsonb_to_recordset(p_leaves) x ("tenantId" uuid, seq bigint, "entryId" uuid) group by x."tenantId"
      having max(x.seq) - min(x.seq) + 1 <> count(*)
          or min(x.seq) <> coalesce((select f.seq + 1 from app.audit_leaves f where f.tenant_id = x."tenantId" order by f.seq desc limit 1), 0)
          or bool_or(not exists (select from app.audit_log l where l.tenant_id = x."tenantId" and l.id = x."entryId" offset 0))) then
      raise exception 'leaves that no entry has, or that leave a gap' using errcode = 'RF026';
    end if;
    insert into app.audit_leaves (tenant_id, seq, entry_id, hash)
      select x."tenantId", x.seq, x."entryId", decode(x.hash, 'hex')
        from jsonb_to_recordset(p_leaves) x ("tenantId" uuid, seq bigint, "entryId" uuid, hash text);
    insert into app.audit_nodes (tenant_id, level, index, hash)
      select x."tenantId", x.level, x.index, decode(x.hash, 'hex')
        from jsonb_to_recordset(p_nodes) x ("tenantId" uuid, level smallint, index bigint, hash text);
    insert into app.audit_checkpoints (tenant_id, size, at, epoch, root, verifier_key, note)
      select x."tenantId", x.size, x.at, x.epoch, decode(x.root, 'hex'), x."verifierKey", x.note
        from jsonb_to_recordset(p_checkpoints) x ("tenantId" uuid, size bigint, at timestamptz, epoch integer, root text, "verifierKey" text, note text);
    if exists (
      select from jsonb_to_recordset(p_checkpoints) x ("tenantId" uuid, size bigint)
       where x.size is distinct from (select f.seq + 1 from app.audit_leaves f where f.tenant_id = x."tenantId" order by f.seq desc limit 1)) then
      raise exception 'a checkpoint of more or fewer rows than there are' using errcode = 'RF026';
    end if;
    update auth.audit_state s set sealed_to = greatest(s.sealed_to, least(pg_snapshot_xmin(pg_current_snapshot()), (
      select max(x."xactId"::xid8) from jsonb_to_recordset(p_leaves) x ("xactId" text))));
  end $$;

  -- Sets logs aside, and takes others back: what they were given meanwhile has no number whatever its transaction, and is
  -- looked for. Returns those that are aside then.
  create function auth.audit_set_aside(p_aside uuid[], p_back uuid[]) returns uuid[] ${DEFINER} as $$
  begin
    if p_aside <> '{}' or p_back <> '{}' then
      perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('audit-sealer', 0));
    end if;
    update auth.audit_state s
       set set_aside = array(select distinct x.log from unnest(s.set_aside || p_aside) x (log) where x.log <> all (p_back)),
           recounted_to = case when s.set_aside && p_back then '0' else s.recounted_to end
     where p_aside <> '{}' or p_back <> '{}';
    return (select s.set_aside from auth.audit_state s);
  end $$;

  -- Seconds since the oldest entry was written that has no number; 0 where there is none. Logs that are set aside do not count.
  create function auth.audit_lag() returns double precision ${DEFINER} ${BY_INDEX} as $$
  begin
    return coalesce((
      select extract(epoch from clock_timestamp() - l.at) from app.audit_log l
       where l.xact_id >= (select s.sealed_to from auth.audit_state s)
         and l.tenant_id <> all (array(select unnest(s.set_aside) from auth.audit_state s))
         and not exists (select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id offset 0)
       order by l.xact_id limit 1), 0);
  end $$;
  revoke all on function ${SIGNATURES.join(', ')}, ${INTERNAL} from public;
  grant execute on function ${SIGNATURES.join(', ')} to ringfence_auth;`;
