import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CREATE_CANONICAL_EMAIL, DROP_CANONICAL_EMAIL } from './parts/canonical-email.js';

/**
 * Why: an invitation hands out a role in advance, so it obeys what assigning one obeys, twice: when it is made, and again
 * when it is accepted, since whoever made it may have lost the right meanwhile, or left (then it goes with them). Its token
 * is kept as a hash that the application's role cannot read. That hash is made under a key that is not in the database, so
 * that whoever only writes SQL cannot invite with a token that they know, and take over an address without its mailbox.
 * The mail's row is written in the transaction of the invitation, sealed with a key that is not in the database, so that
 * neither is there without the other.
 *
 * E-mail has one canonical form, and one function says which: what two people would take for one address is one key.
 * Whether an address has an account elsewhere shows in no answer: an invitation is to an address, not to a person. An
 * account comes into being by accepting one and in no other way, so the role that signs people in cannot write one.
 */
export class CreateInvitations1764000000018 implements MigrationInterface {
  name = 'CreateInvitations1764000000018';

  async up(q: QueryRunner): Promise<void> {
    await q.query(CREATE_CANONICAL_EMAIL);
    await q.query(TABLE);
    await q.query(as('ringfence_context', 'auth', PREVIEW));
    await q.query(as('ringfence_derive', 'app, auth', FUNCTIONS));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop function app.invite(text, uuid, jsonb, bytea, uuid, text), app.resend_invitation(uuid, bytea, uuid, text),
        app.revoke_invitation(uuid), auth.accept_invitation(bytea, uuid, text), auth.sign_up(bytea, text, text, boolean);
      set role ringfence_context;
      drop function auth.invitation_of(bytea);
      reset role;
      drop policy derive_inserts on app.profiles;
      drop policy derive_inserts on app.memberships;
      revoke insert on app.memberships, app.profiles from ringfence_derive;
      revoke select (email) on auth.users from ringfence_derive;
      revoke select (id, status) on auth.users from ringfence_context;
      drop policy derive_reads on app.tenants;
      revoke select on app.tenants from ringfence_derive;
      revoke insert (id, recipient, template, values_encrypted, expires_at) on auth.mail_outbox from ringfence_derive;
      revoke insert (email, full_name, password_hash, password_stands_alone) on auth.users from ringfence_derive;
      drop table app.invitations;
    `);
    await q.query(DROP_CANONICAL_EMAIL);
  }
}

const as = (role: string, schema: string, sql: string): string => `
  grant create on schema ${schema} to ${role}; set role ${role}; ${sql}; reset role;
  revoke create on schema ${schema} from ${role}`;

const TABLE = `
  create table app.invitations (
    tenant_id uuid not null default app.tenant_id() references app.tenants (id),
    id uuid not null default uuidv7(),
    email text not null constraint invitations_email_check check (email is not distinct from app.canonical_email(email)),
    role_id uuid not null,
    invited_by uuid default app.user_id(),   -- null: the platform, which invites a tenant's first owner
    metadata jsonb not null default '{}' constraint invitations_metadata_check check (
      jsonb_typeof(metadata) = 'object' and length(metadata::text) <= 16384),
    token_hash bytea not null constraint invitations_token_key unique check (octet_length(token_hash) = 32),
    expires_at timestamptz not null default now() + interval '7 days',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint invitations_email_key unique (tenant_id, email),
    foreign key (tenant_id, role_id) references app.roles (tenant_id, id),
    foreign key (tenant_id, invited_by) references app.memberships (tenant_id, user_id) on delete cascade
  );
  create index invitations_role on app.invitations (tenant_id, role_id);
  create index invitations_inviter on app.invitations (tenant_id, invited_by);
  create index invitations_list on app.invitations (tenant_id, id desc);
  call app.protect_table('app.invitations', 'invitation', p_commands => '{select}', p_other_indexes => '{invitations_token_key}',
    p_fence_to => 'ringfence_owner, ringfence_app, ringfence_auth');
  revoke select on app.invitations from ringfence_app;
  grant select (tenant_id, id, email, role_id, invited_by, metadata, expires_at, version, created_at, updated_at)
    on app.invitations to ringfence_app;
  grant select on app.invitations to ringfence_context;
  create policy context_reads on app.invitations for select to ringfence_context using (true);
  grant select, insert, delete, update (token_hash, expires_at, invited_by) on app.invitations to ringfence_derive;
  create policy derive_writes on app.invitations for all to ringfence_derive using (true) with check (true);
  grant insert on app.memberships, app.profiles to ringfence_derive;
  create policy derive_inserts on app.memberships for insert to ringfence_derive with check (true);
  create policy derive_inserts on app.profiles for insert to ringfence_derive with check (true);
  grant select (email) on auth.users to ringfence_derive;
  grant select (id, status) on auth.users to ringfence_context;
  grant select on app.tenants to ringfence_derive;
  create policy derive_reads on app.tenants for select to ringfence_derive using (true);
  grant insert (id, recipient, template, values_encrypted, expires_at) on auth.mail_outbox to ringfence_derive;
  grant insert (email, full_name, password_hash, password_stands_alone) on auth.users to ringfence_derive;`;

/** An invitation that would be accepted now: in time, from whoever provisions or from a member who still may hand out that role. */
const GOOD = `
  i.expires_at > now() and t.status = 'active' and (i.invited_by is null or (m.status = 'active' and w.status = 'active'
  and 'invitation:create' = any (g.permissions) and i.role_id = any (g.subordinate_role_ids)))`;
const FROM = `
  app.invitations i
  join app.tenants t on t.id = i.tenant_id
  left join app.memberships m on m.tenant_id = i.tenant_id and m.user_id = i.invited_by
  left join auth.users w on w.id = m.user_id
  left join auth.role_rights g on g.tenant_id = m.tenant_id and g.role_id = m.role_id`;

const PREVIEW = `
  create function auth.invitation_of(p_hash bytea)
      returns table (tenant_name text, tenant_slug text, role_name text, email text, expires_at timestamptz)
    language sql stable security definer set search_path = ''
  begin atomic
    select t.name, t.slug, r.name, i.email, i.expires_at
      from ${FROM} join app.roles r on r.tenant_id = i.tenant_id and r.id = i.role_id
     where i.token_hash = p_hash and ${GOOD};
  end;
  revoke all on function auth.invitation_of(bytea) from public;
  grant execute on function auth.invitation_of(bytea) to ringfence_auth`;

const DEFINER = `language plpgsql security definer set search_path = ''`;

const FUNCTIONS = `
  create function app.invite(p_email text, p_role uuid, p_metadata jsonb, p_hash bytea, p_mail uuid, p_sealed text,
      out id uuid, out expires_at timestamptz, out created_at timestamptz) ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('invitation:create');
  begin
    if not exists (select from app.roles r where r.tenant_id = me.tenant_id and r.id = p_role) then
      raise exception 'no such role' using errcode = 'RF016';
    elsif not p_role = any (me.subordinate_role_ids) then
      raise exception 'the role is not below the caller''s' using errcode = 'RF005';
    elsif exists (select from app.memberships m join auth.users u on u.id = m.user_id
                   where m.tenant_id = me.tenant_id and u.email = p_email) then
      raise exception 'a member has this address' using errcode = 'RF019';
    end if;
    -- one that nobody could accept any more is in nobody's way
    delete from app.invitations x where x.tenant_id = me.tenant_id and x.email = p_email and not exists (
      select from ${FROM} where i.tenant_id = x.tenant_id and i.id = x.id and ${GOOD});
    insert into app.invitations as made (tenant_id, email, role_id, invited_by, metadata, token_hash)
      values (me.tenant_id, p_email, p_role, me.user_id, p_metadata, p_hash)
      on conflict on constraint invitations_email_key do nothing
      returning made.id, made.expires_at, made.created_at into invite.id, invite.expires_at, invite.created_at;
    if not found then
      raise exception 'an invitation to this address is pending' using errcode = 'RF024';
    end if;
    insert into auth.mail_outbox (id, recipient, template, values_encrypted, expires_at)
      values (p_mail, p_email, 'invitation', p_sealed, now() + interval '7 days');
  end $$;

  -- A new token, good for another seven days, in the name of whoever sends it again; the old one is dead.
  create function app.resend_invitation(p_id uuid, p_hash bytea, p_mail uuid, p_sealed text) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('invitation:create');
    i app.invitations;
  begin
    select * into i from app.invitations x where x.tenant_id = me.tenant_id and x.id = p_id for update;
    if not found then
      raise exception 'no such invitation' using errcode = 'P0002';
    elsif not i.role_id = any (me.subordinate_role_ids) then
      raise exception 'the role is not below the caller''s' using errcode = 'RF005';
    end if;
    update app.invitations x set token_hash = p_hash, expires_at = now() + interval '7 days', invited_by = me.user_id
     where x.tenant_id = me.tenant_id and x.id = p_id;
    insert into auth.mail_outbox (id, recipient, template, values_encrypted, expires_at)
      values (p_mail, i.email, 'invitation', p_sealed, now() + interval '7 days');
  end $$;

  create function app.revoke_invitation(p_id uuid) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('invitation:delete');
    theirs uuid := (select i.role_id from app.invitations i where i.tenant_id = me.tenant_id and i.id = p_id for update);
  begin
    if theirs is null then
      raise exception 'no such invitation' using errcode = 'P0002';
    elsif not theirs = any (me.subordinate_role_ids) then
      raise exception 'the role is not below the caller''s' using errcode = 'RF005';
    end if;
    delete from app.invitations i where i.tenant_id = me.tenant_id and i.id = p_id;
  end $$;

  -- Of many at once one finds the row. The inviter's right is asked again, after the tenant's role lock.
  create function auth.accept_invitation(p_hash bytea, p_user uuid, p_full_name text) returns uuid ${DEFINER} as $$
  declare
    t uuid := (select i.tenant_id from app.invitations i where i.token_hash = p_hash);
    taken app.invitations;
    address constant text := (select u.email from auth.users u where u.id = p_user);
  begin
    if t is not null then
      perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('role-graph:' || t, 0));
    end if;
    delete from app.invitations x using ${FROM}
     where x.tenant_id = i.tenant_id and x.id = i.id and i.token_hash = p_hash and i.email = address and ${GOOD}
     returning x.* into taken;
    if not found then
      raise exception 'no such invitation' using errcode = 'RF020';
    end if;
    insert into app.memberships (tenant_id, user_id, role_id, tenant_status, tenant_min_aal)
      select taken.tenant_id, p_user, taken.role_id, n.status, n.min_aal from app.tenants n where n.id = taken.tenant_id;
    insert into app.profiles (tenant_id, user_id, email, full_name) values (taken.tenant_id, p_user, address, p_full_name);
    return taken.tenant_id;
  exception
    when unique_violation then
      raise exception 'a member already' using errcode = 'RF019';
    when foreign_key_violation then   -- the tenant was suspended, or demands another level, since its row was read
      raise exception 'the tenant is being changed' using errcode = '40001';
  end $$;

  -- The account of somebody new, for the address that the invitation went to, which is proved by that. NULL: it has one.
  create function auth.sign_up(p_hash bytea, p_full_name text, p_password_hash text, p_stands_alone boolean,
      out user_id uuid, out tenant_id uuid) ${DEFINER} as $$
  begin
    insert into auth.users as made (email, full_name, password_hash, password_stands_alone)
      select i.email, p_full_name, p_password_hash, p_stands_alone from app.invitations i where i.token_hash = p_hash
      on conflict (email) do nothing returning made.id into sign_up.user_id;
    if found then
      sign_up.tenant_id := auth.accept_invitation(p_hash, sign_up.user_id, p_full_name);
    elsif not exists (select from app.invitations i where i.token_hash = p_hash) then
      raise exception 'no such invitation' using errcode = 'RF020';
    end if;
  end $$;
  revoke all on function app.invite(text, uuid, jsonb, bytea, uuid, text), app.resend_invitation(uuid, bytea, uuid, text),
    app.revoke_invitation(uuid), auth.accept_invitation(bytea, uuid, text), auth.sign_up(bytea, text, text, boolean) from public;
  grant execute on function app.invite(text, uuid, jsonb, bytea, uuid, text), app.resend_invitation(uuid, bytea, uuid, text),
    app.revoke_invitation(uuid) to ringfence_app;
  grant execute on function auth.accept_invitation(bytea, uuid, text), auth.sign_up(bytea, text, text, boolean) to ringfence_auth`;
